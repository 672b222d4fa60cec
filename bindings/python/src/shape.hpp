// How a struct is described, so that convert.hpp can carry it over.
#pragma once

#include <tuple>

namespace deploy::python {

template <class Struct, class Type>
struct Member {
  const char* name;
  Type Struct::* pointer;
};

template <class Struct, class Type>
constexpr Member<Struct, Type> member(const char* name, Type Struct::* pointer) {
  return {name, pointer};
}

/// `name` of its dataclass, `members` in that one's order. Specialised in shapes_*.hpp.
template <class Struct>
struct Shape;

/// `name` of its class, `last` enumerator. Enumerators count from 0.
template <class Enum>
struct Enumeration;

template <class T>
concept HasShape = requires { Shape<T>::members; };

template <class T>
concept IsEnumeration = requires { Enumeration<T>::last; };

}  // namespace deploy::python
