print("before")
local n = 1 + {}
print("never")
