#include "harness/run/load_observers.h"

namespace leakbench {
struct LoadObservers::Files {};
LoadObservers::LoadObservers(const LoadRun&) {}
LoadObservers::~LoadObservers() = default;
RequestObserver* LoadObservers::any() { return nullptr; }
void LoadObservers::on_request(const RequestRecord&) {}
void LoadObservers::close() {}
}  // namespace leakbench
