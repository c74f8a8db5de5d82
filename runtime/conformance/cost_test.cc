// How a context reads, and how many allocations it takes.
#include <cstdlib>
#include <new>
#include <string>

#include "runtime/conformance/fixture.h"

namespace {

thread_local int allocations = 0;

void* count_and_allocate(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  // aligned_alloc() wants whole multiples of the alignment.
  void* memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// The other forms of new and delete come down to these.
void* operator new(std::size_t bytes) {
  return count_and_allocate(bytes, alignof(std::max_align_t));
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return count_and_allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace leakbench {
namespace {

using namespace std::chrono_literals;

template <typename Operation>
int allocations_of(Operation operation) {
  operation();  // what is made once per process or thread is no cost of the operation
  const int before = allocations;
  operation();
  return allocations - before;
}

TEST_F(ContextConformance, P63_ToStringNamesTheLayersInGosForm) {
  auto [ctx, cancel] = with_cancel(background());
  EXPECT_EQ(ctx.to_string(), "context.Background.WithCancel");
  const Context valued = with_value(ctx, kNumber, 7);
  EXPECT_EQ(valued.to_string(), "context.Background.WithCancel.WithValue(number)");
  auto [limited, cancel_limited] = with_timeout(valued, 1s);
  EXPECT_EQ(limited.to_string(), "context.Background.WithCancel.WithValue(number).WithDeadline");
  EXPECT_EQ(without_cancel(todo()).to_string(), "context.TODO.WithoutCancel");
}

// Go's own limits: 0, 3, 5, 12 and 8.
TEST_F(ContextConformance, P64_ADerivedContextTakesOneAllocation) {
  EXPECT_EQ(allocations_of([] { (void)background(); }), 0);
  EXPECT_EQ(allocations_of([] {
              const Context ctx = with_value(background(), kNumber, 7);
              EXPECT_EQ(*ctx.value(kNumber), 7);
            }),
            1);
  EXPECT_EQ(allocations_of([] {
              auto [ctx, cancel] = with_cancel(background());
              cancel();
              EXPECT_TRUE(ctx.is_done());
            }),
            1);
  EXPECT_EQ(allocations_of([this] {
              auto [ctx, cancel] = with_timeout(background(), 1ns);
              pass(1ns);
              EXPECT_TRUE(ctx.is_done());
            }),
            1);
  EXPECT_EQ(allocations_of([] {
              auto [ctx, cancel] = with_timeout(background(), 5ms);
              cancel();
              EXPECT_TRUE(ctx.is_done());
            }),
            1);
}

}  // namespace
}  // namespace leakbench
