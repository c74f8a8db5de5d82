#include "harness/probe/go_function.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

TEST(GoFunction, TellsTheLibraryFromTheApplication) {
  for (const char* function :
       {"main.main", "main.(*orderQueue[...]).push", "example.com/shop.Buy", "go.uber.org/zap.New",
        "time.example.com/x.F", "github.com/a/net/http.(*Client).Do", "shop/internal/db.Open",
        "example.com/shop.Map[net/http.Header]"}) {
    EXPECT_TRUE(is_application_function(function)) << function;
  }
  for (const char* function :
       {"runtime.gopark", "runtime/pprof.Do", "net/http.(*conn).serve", "net.(*conn).Read",
        "internal/poll.(*FD).Read", "vendor/golang.org/x/net/http2/hpack.Encode",
        "iter.Pull[...].func1", "slices.Sort[example.com/shop.Item]", "panic", "non-Go function",
        "0x45f3a0", ""}) {
    EXPECT_FALSE(is_application_function(function)) << function;
  }
}

TEST(GoFunction, KnowsThePackagesThatEveryWaitGoesThrough) {
  for (const char* function :
       {"runtime.gopark", "sync.(*Mutex).Lock", "internal/sync.(*Mutex).Lock", "time.Sleep",
        "syscall.Syscall", "panic"}) {
    EXPECT_TRUE(is_waiting_function(function)) << function;
  }
  for (const char* function : {"net.(*conn).Read", "main.main", "context.WithCancel", "panics.f"}) {
    EXPECT_FALSE(is_waiting_function(function)) << function;
  }
}

TEST(GoFunction, ANameOfAnyLengthIsReadOnlyAtItsStart) {
  const std::string long_name(10'000'000, 'x');
  for (int i = 0; i < 100'000; ++i) ASSERT_FALSE(is_waiting_function(long_name));
}

TEST(GoFunction, ShortensTypeArgumentsAsTheTextsDo) {
  EXPECT_EQ(with_short_type_arguments("main.(*queue[go.shape.string]).push"),
            "main.(*queue[...]).push");
  EXPECT_EQ(with_short_type_arguments("main.f[go.shape.[]int,map[string]int].func1"),
            "main.f[...].func1");
  EXPECT_EQ(with_short_type_arguments("main.f[...]"), "main.f[...]");
  EXPECT_EQ(with_short_type_arguments("main.f"), "main.f");
  EXPECT_EQ(with_short_type_arguments("odd]["), "odd][");
}

}  // namespace
}  // namespace leakbench
