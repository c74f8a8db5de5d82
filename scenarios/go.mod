// The scenarios as real Go servers; standard library only. The module has the name of its folder, so
// that with -trimpath profiles name source files by their path in the project.
module scenarios

go 1.19
