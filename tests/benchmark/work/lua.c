/* Lua runs a script with tables, strings and closures. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "input.h"
#include "work.h"

static const char script[] =
    "local function sieve(n) local t, c = {}, 0 for i = 2, n do t[i] = true end "
    "for i = 2, n do if t[i] then c = c + 1 for j = i * i, n, i do t[j] = false end end end return "
    "c end "
    "local parts = {} for i = 1, 2000 do parts[#parts + 1] = string.format('%d:%s', i, ('x'):rep(i "
    "% 7)) end "
    "local text = table.concat(parts, ',') local words = 0 for w in text:gmatch('%d+') do words = "
    "words + #w end "
    "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end "
    "table.sort(parts) return sieve(20000) + words + fib(20) + #parts[17]";

unsigned work(unsigned rounds) {
  unsigned sum = 0;
  for (unsigned i = 0; i < rounds; i++) {
    lua_State* state = luaL_newstate();
    luaL_requiref(state, "_G", luaopen_base, 1);
    luaL_requiref(state, "string", luaopen_string, 1);
    luaL_requiref(state, "table", luaopen_table, 1);
    lua_settop(state, 0);
    sum = add(sum, (unsigned)luaL_dostring(state, script));
    sum = add(sum, (unsigned)lua_tointeger(state, -1));
    lua_close(state);
  }
  return sum;
}
