"""The `counted` mode: `workload` under valgrind, whose counting is on during the prepared groups' calls alone.

Valgrind is told by its client requests: instructions that do nothing on a processor and that valgrind knows when it
meets them (valgrind.h and callgrind.h of its sources; the numbers are part of its interface).
"""

import atexit
import ctypes
import mmap
import os

from . import serve

# rdi holds the address of the request, rdx the answer: mov rax, rdi; xor edx, edx; rol rdi by 3, 13, 61 and 51, which
# is twice around; xchg rbx, rbx; mov rax, rdx; ret.
_REQUEST_X86_64 = bytes.fromhex("4889f831d248c1c70348c1c70d48c1c73d48c1c7334887db4889d0c3")
_CALLGRIND = ord("C") << 24 | ord("T") << 16
_START, _STOP = _CALLGRIND + 4, _CALLGRIND + 5


class CountedSession(serve.Session):
    """Answers as `serve.Session` does, and counts."""

    def count(self, request):
        """The calls of the prepared `groups`, with the counting on."""
        ask = _requests()
        ask(_START)
        for group in request["groups"]:
            self.run({"group": group})
        ask(_STOP)
        atexit.register(os._exit, 0)  # taking the interpreter down takes seconds under valgrind
        return {"counted": len(request["groups"])}


def _requests():
    """A function that makes the request of a number."""
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(_REQUEST_X86_64)
    held = ctypes.c_char.from_buffer(page)
    call = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)(ctypes.addressof(held))

    def ask(number):
        arguments = (ctypes.c_uint64 * 6)(number)
        call(ctypes.addressof(arguments))
        return held

    return ask


def main(channel, arguments):
    """Answer requests until the supervisor closes the line."""
    serve.Session = CountedSession
    serve.main(channel, arguments)
