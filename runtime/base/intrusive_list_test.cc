#include "runtime/base/intrusive_list.h"

#include <gtest/gtest.h>

#include <vector>

namespace leakbench {
namespace {

struct Tag;
struct Element : ListHook<Tag> {
  explicit Element(int n) : number(n) {}
  int number;
};
using List = IntrusiveList<Element, Tag>;

std::vector<int> numbers(const List& list) {
  std::vector<int> result;
  for (Element* e = list.front(); e != nullptr; e = list.after(*e)) result.push_back(e->number);
  return result;
}

TEST(IntrusiveList, KeepsTheOrderOfPushing) {
  List list;
  Element a(1), b(2), c(3);
  for (Element* e : {&a, &b, &c}) list.push_back(*e);
  EXPECT_EQ(numbers(list), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(list.pop_front(), &a);
  EXPECT_FALSE(a.is_linked());
  EXPECT_EQ(numbers(list), (std::vector<int>{2, 3}));
}

TEST(IntrusiveList, UnlinksAnElementFromTheMiddle) {
  List list;
  Element a(1), b(2), c(3);
  for (Element* e : {&a, &b, &c}) list.push_back(*e);
  b.unlink();
  EXPECT_EQ(numbers(list), (std::vector<int>{1, 3}));
  list.push_back(b);
  EXPECT_EQ(numbers(list), (std::vector<int>{1, 3, 2}));
}

TEST(IntrusiveList, SplicesAWholeListToItsEnd) {
  List first, second;
  Element a(1), b(2), c(3);
  first.push_back(a);
  second.push_back(b);
  second.push_back(c);
  first.splice_back(second);
  EXPECT_EQ(numbers(first), (std::vector<int>{1, 2, 3}));
  EXPECT_TRUE(second.empty());
  first.splice_back(second);
  EXPECT_EQ(numbers(first), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(second.pop_front(), nullptr);
}

}  // namespace
}  // namespace leakbench
