"""Functions and loops of C and C++ files by name and line."""

from tools.compiler.functions import read_native

CPP = """namespace a {
class G {
public:
  int f(int x) const { for (int i : v) { while (1) { } } return 1; }
  ~G() {}
  G &operator+=(int q) { return *this; }
};
template <class T> T *mk(T x) { return nullptr; }
}
int a::G::h(double) { return 2; }
extern "C" { void k(void) {} }
"""
C = """#define N 3
static inline unsigned long *const z(void)
{
    do { } while (0);
    return 0;
}
#ifdef A
void kk(int x) {}
#endif
int (*fp(int x))(int) { return 0; }
"""


def test_functions_are_named_as_cpp_qualifies_them() -> None:
    found = read_native(CPP, "a.cpp")
    names = [one.name for one in found.functions]
    assert names == ["a::G::f", "a::G::~G", "a::G::operator+=", "a::mk", "a::G::h", "k"]
    assert [loop.depth for loop in found.loops] == [1, 2]
    short = found.named("h")
    assert short is not None
    assert short.name == "a::G::h", "the last part will do where one has it"


def test_functions_of_c_have_their_lines() -> None:
    found = read_native(C, "a.c")
    assert [(one.name, one.first, one.last) for one in found.functions] == [("z", 2, 6), ("kk", 8, 8), ("fp", 10, 10)]
    at = found.function_at(5)
    assert at is not None
    assert at.name == "z"
    assert found.function_at(1) is None


def test_a_header_in_cpp_is_read_as_such_and_depth_is_no_limit() -> None:
    assert [one.name for one in read_native("class A { int f() { return 1; } };", "a.h").functions] == ["A::f"]
    deep = "int f(int x) { return " + "(" * 3000 + "x" + ")" * 3000 + "; }\nint g(void) { return 0; }\n"
    assert [one.name for one in read_native(deep, "a.c").functions] == ["f", "g"]
