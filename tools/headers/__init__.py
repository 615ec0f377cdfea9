"""What a library's public headers declare: functions, and the structs that cross the boundary."""
