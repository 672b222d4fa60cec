"""deploy.h stands alone, in every language standard that it promises, and documents what it declares."""

from __future__ import annotations

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from places import HEADER, compilers, declared

STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only"]
INIT = re.compile(r"#define (DEPLOY_\w+_INIT)")
MEMBER = re.compile(r"\(\*(\w+)\)\([^;]*\);|(\w+)(?:\[\d+\])?;")  # a function, or a value or array


def compile_alone(compiler: str, standard: str, suffix: str) -> str:
    """Every _INIT macro is used, so that one that has fallen behind its struct is noticed. Returns the complaints."""
    uses = [f"  {{ {struct} record = {macro}; (void)record; }}" for macro, struct in macros()]
    text = "\n".join(['#include "deploy.h"', '#include "deploy.h"', "int main(void) {", *uses, "  return 0;", "}", ""])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"alone{suffix}"
        file.write_text(text)
        ended = subprocess.run([compiler, f"-std={standard}", *STRICT, f"-I{HEADER.parent}", str(file)], capture_output=True, text=True)
    return ended.stderr if ended.returncode else ""


def macros() -> list[tuple[str, str]]:
    return [(macro, macro.removesuffix("_INIT").lower()) for macro in INIT.findall(HEADER.read_text())]


class Alone(unittest.TestCase):
    def test_the_header_compiles_as_c(self) -> None:
        for compiler in compilers("gcc", "clang"):
            for standard in ("c99", "c11", "c17"):
                with self.subTest(compiler=compiler, standard=standard):
                    self.assertEqual(compile_alone(compiler, standard, ".c"), "")

    def test_the_header_compiles_as_cpp(self) -> None:
        for compiler in compilers("g++", "clang++"):
            for standard in ("c++11", "c++20"):
                with self.subTest(compiler=compiler, standard=standard):
                    self.assertEqual(compile_alone(compiler, standard, ".cpp"), "")

    def test_a_wrong_header_would_be_noticed(self) -> None:
        self.assertNotEqual(compile_alone("gcc", "no-such-standard", ".c"), "")

    def test_every_struct_has_its_init_macro(self) -> None:
        structs = re.findall(r"typedef struct (deploy_\w+) \{\n  size_t struct_size;", HEADER.read_text())
        self.assertEqual(sorted(structs), sorted(struct for _, struct in macros()))
        self.assertGreater(len(structs), 15)


class Documented(unittest.TestCase):
    def test_every_function_says_since_when_it_exists(self) -> None:
        functions = declared()
        self.assertEqual(len(functions), HEADER.read_text().count("\nDEPLOY_API "), "a function without a comment before it")
        self.assertEqual([name for name, comment in functions.items() if not comment.endswith(("Since: 0.9", "Since: 0.9 *"))], [])

    def test_every_function_is_called_by_a_test(self) -> None:
        texts = "".join(file.read_text() for file in Path(__file__).parent.glob("*_test.c*"))
        self.assertEqual([name for name in declared() if not re.search(rf"\b{name}\(", texts)], [])

    def test_every_noun_that_is_given_can_be_freed(self) -> None:
        text = HEADER.read_text()
        given = set(re.findall(r"(deploy_\w+) \*\*out_", text))
        self.assertEqual([noun for noun in sorted(given) if f"DEPLOY_API {noun} *{noun}_free({noun} *" not in text], [])

    def test_the_error_stands_last(self) -> None:
        declarations = re.findall(r"DEPLOY_API deploy_status (\w+)\(([^)]*)\)", HEADER.read_text())
        wrong = [name for name, arguments in declarations if "out_error" in arguments and not arguments.rstrip().endswith("deploy_error **out_error")]
        self.assertEqual(wrong, [])

    def test_no_struct_ends_in_padding_that_a_new_member_could_slip_into(self) -> None:
        checks = "\n".join(f"static_assert(sizeof({struct}) == offsetof({struct}, {last}) + sizeof((({struct} *)0)->{last}), \"{struct}\");"
                           for struct, last in last_members())
        text = f'#include "deploy.h"\n#include <assert.h>\n{checks}\n'
        ended = subprocess.run(["gcc", "-std=c11", "-fsyntax-only", f"-I{HEADER.parent}", "-x", "c", "-"], input=text, capture_output=True, text=True)
        self.assertEqual(ended.stderr, "")


def last_members() -> list[tuple[str, str]]:
    code = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.S)
    bodies = re.findall(r"typedef struct (deploy_\w+) \{(.*?)\n\} \1;", code, re.S)
    return [(struct, "".join(MEMBER.findall(body)[-1])) for struct, body in bodies]
