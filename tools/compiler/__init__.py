"""What compilers say of native code: how a file is compiled, why a loop is slow, what it becomes, and what ran."""
