# What Doxygen needs and readers of deploy.h do not: the opening rules as the first page, and no @ taken for a command.
s|@|\\@|g
1,/^ \*\/$/{
  s|^/\* \(.*\)|/** @mainpage \1\n@verbatim|
  s|^ \*/$|@endverbatim */|
  s|^ \* \{0,1\}||
}
