local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
print("fib(20) = " .. fib(20))
local ok, why = pcall(function() local t = nil; return t.field end)
print(tostring(ok) .. ": " .. why)
print(string.format("%5.2f|%s", 2 / 3, string.rep("ab", 3)))
return "done"
