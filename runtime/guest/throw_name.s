# Throws the 128 bytes at an address: the name of a type (throw.c).
	.tagtype	__rlbox_name i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64
	.hidden	__rlbox_name
	.globl	__rlbox_name
	.section	.text.__rlbox_name,"",@
__rlbox_name:

	.section	.text.__rlbox_throw_name,"",@
	.hidden	__rlbox_throw_name
	.globl	__rlbox_throw_name
	.type	__rlbox_throw_name,@function
__rlbox_throw_name:
	.functype	__rlbox_throw_name (i32) -> ()
	local.get	0
	i64.load	0:p2align=0
	local.get	0
	i64.load	8:p2align=0
	local.get	0
	i64.load	16:p2align=0
	local.get	0
	i64.load	24:p2align=0
	local.get	0
	i64.load	32:p2align=0
	local.get	0
	i64.load	40:p2align=0
	local.get	0
	i64.load	48:p2align=0
	local.get	0
	i64.load	56:p2align=0
	local.get	0
	i64.load	64:p2align=0
	local.get	0
	i64.load	72:p2align=0
	local.get	0
	i64.load	80:p2align=0
	local.get	0
	i64.load	88:p2align=0
	local.get	0
	i64.load	96:p2align=0
	local.get	0
	i64.load	104:p2align=0
	local.get	0
	i64.load	112:p2align=0
	local.get	0
	i64.load	120:p2align=0
	throw	__rlbox_name
	end_function
