#include "runtime/task/site.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

std::source_location here(std::source_location location = std::source_location::current()) {
  return location;
}

TEST(SiteTable, GivesOneSitePerPlaceNameAndKind) {
  SiteTable table(2);
  const auto place = here();
  Site& site = table.find(place, "work", TaskKind::kApplication);
  EXPECT_EQ(&table.find(place, "work", TaskKind::kApplication), &site);
  EXPECT_NE(&table.find(place, "other", TaskKind::kApplication), &site);
  EXPECT_NE(&table.find(place, "work", TaskKind::kSystem), &site);
  EXPECT_NE(&table.find(here(), "work", TaskKind::kApplication), &site);
  EXPECT_EQ(table.all().size(), 4u);
}

TEST(SiteCache, AnswersLikeTheTable) {
  SiteTable table(1);
  SiteCache cache;
  const std::source_location places[] = {here(), here()};  // two columns, two addresses, one line
  for (int i = 0; i < 3; ++i) {
    for (const auto& place : places) {
      for (const char* name : {"work", "other"}) {
        EXPECT_EQ(&cache.find(table, place, name, TaskKind::kApplication),
                  &table.find(place, name, TaskKind::kApplication));
      }
    }
  }
  EXPECT_EQ(table.all().size(), 2u);
}

TEST(Site, SumsItsShards) {
  Site site(here(), "work", TaskKind::kApplication, 2);
  site.shard(0).live.store(5);
  site.shard(1).live.store(-2);
  site.shard(0).started.store(7);
  site.shard(1).waiting[static_cast<std::size_t>(WaitReason::kIo)].store(3);
  EXPECT_EQ(site.live(), 3);
  EXPECT_EQ(site.started(), 7u);
  EXPECT_EQ(site.waiting(WaitReason::kIo), 3);
  EXPECT_EQ(site.waiting(WaitReason::kTimer), 0);
}

}  // namespace
}  // namespace leakbench
