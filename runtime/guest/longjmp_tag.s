# The tag that longjmp throws, with the address of an environment and a value (setjmp.c). Compilers
# since clang 21 leave the definition to the library.
	.tagtype __c_longjmp i32
	.globl __c_longjmp
	.section .text,"",@
__c_longjmp:
