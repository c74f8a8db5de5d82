// A server for tests of the harness; standard library only. The module has the name of its folder,
// with which -trimpath lets source files begin.
module leaking_server

go 1.19
