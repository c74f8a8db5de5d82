// Which threads belong to whoever looks at the server and not to the server itself.
#ifndef LEAKBENCH_RUNTIME_CONTROL_ONLOOKER_H_
#define LEAKBENCH_RUNTIME_CONTROL_ONLOOKER_H_

namespace leakbench {

// Set by those that answer on the control port or measure pauses; CPU profiles leave them out. Read
// in a signal handler, thus initialised without code.
constinit inline thread_local bool this_thread_looks_on = false;

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_ONLOOKER_H_
