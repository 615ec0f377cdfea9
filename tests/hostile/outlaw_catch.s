# Calls the function in a try block, and begins again whatever leaves it.
	.tabletype	__indirect_function_table, funcref
	.functype	o_catch_everything (i32, i32) -> (i32)
	.section	.text.o_catch_everything,"",@
	.globl	o_catch_everything
	.type	o_catch_everything,@function
o_catch_everything:
	.functype	o_catch_everything (i32, i32) -> (i32)
	loop
	try
	local.get	1
	local.get	0
	call_indirect	__indirect_function_table, (i32) -> (i32)
	return
	catch_all
	br	1
	end_try
	end_loop
	unreachable
	end_function
