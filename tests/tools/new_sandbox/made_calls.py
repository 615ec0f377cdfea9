"""Types and functions for the tests in this folder, as read_calls describes them."""

from new_sandbox.calls import Call, Parameter, Type

VOID = Type("void", "void")


def number(words="int", alias="", *, kind="integer", const=False):
    return Type(kind, alias or words, alias=alias, words=words, const=const)


def pointer(to, alias=""):
    text = f"const {to.text}" if to.const else to.text
    return Type("pointer", "" if to.kind == "function" else f"{text}*", alias=alias, to=to)


def struct(name):
    return Type("struct", f"struct {name}", name=name)


def callback(*parameters, result=VOID, alias=""):
    return pointer(Type("function", result=result, parameters=parameters), alias)


INT = number()
SIZE = number("unsigned long", "size_t")
TEXT = pointer(number("char", const=True))
BYTES = pointer(number("unsigned char", const=True))
ROOM = pointer(number("char"))
ANYTHING = pointer(VOID)


def function(name, result, /, *types, **named):
    """A function with parameters that have a name or none."""
    return Call(name, result, [Parameter("", item) for item in types] + [Parameter(*item) for item in named.items()])
