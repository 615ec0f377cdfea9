"""The C++ header through which an application uses a sandbox."""
