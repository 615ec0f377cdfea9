// Runs a script, which calls a function of the program, and says how it ends: pcall and errors are
// jumps inside the sandbox.
#include "lua.rlbox.h"

#include "examples/libraries/shelf.hpp"

static std::string printed;

// print() for scripts: their only way out.
static tainted_lua<int> print(rlbox_sandbox_lua& sandbox, tainted_lua<lua_State*> state) {
  printed +=
      "script: " + shelf::text(sandbox.invoke_sandbox_function(luaL_tolstring, state, 1, nullptr)) +
      "\n";
  return 0;
}

std::string job(const std::string& input) {
  shelf::fresh<rlbox_sandbox_lua> sandbox;
  printed.clear();
  auto on_print = sandbox.register_callback(print);
  auto state = sandbox.invoke_sandbox_function(luaL_newstate);
  auto base = sandbox.get_sandbox_function_address(luaopen_base);
  auto strings = sandbox.get_sandbox_function_address(luaopen_string);
  sandbox.invoke_sandbox_function(luaL_requiref, state, sandbox.give("_G"), base, 1);
  sandbox.invoke_sandbox_function(luaL_requiref, state, sandbox.give("string"), strings, 1);
  sandbox.invoke_sandbox_function(lua_pushcclosure, state, on_print, 0);
  sandbox.invoke_sandbox_function(lua_setglobal, state, sandbox.give("print"));
  auto code = sandbox.invoke_sandbox_function(luaL_loadbufferx, state, sandbox.give(input),
                                              static_cast<std::uint32_t>(input.size()),
                                              sandbox.give("=script"), sandbox.give("t"));
  int result = shelf::number(code, 0, 6);
  if (result == LUA_OK) {
    code = sandbox.invoke_sandbox_function(lua_pcallk, state, 0, 1, 0, 0, nullptr);
    result = shelf::number(code, 0, 6);
  }
  printed += "ended with " + std::to_string(result) + ": " +
             shelf::text(sandbox.invoke_sandbox_function(luaL_tolstring, state, -1, nullptr)) +
             "\n";
  sandbox.invoke_sandbox_function(lua_close, state);
  return printed;
}
