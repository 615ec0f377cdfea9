# The tag that C++ code throws, with the address of an exception. Compilers since clang 21 leave the
# definition to the library.
	.tagtype __cpp_exception i32
	.globl __cpp_exception
	.section .text,"",@
__cpp_exception:
