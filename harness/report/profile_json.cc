#include <utility>

#include "harness/report/json_pieces.h"
#include "harness/report/profile_report.h"

namespace leakbench {
namespace {

Json json_functions(const std::vector<ProfileFunction>& functions) {
  Json json = Json::array();
  for (const ProfileFunction& function : functions) {
    Json entry;
    entry["name"] = function.name;
    entry["self"] = function.self;
    entry["with_callees"] = function.with_callees;
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_taken(const TakenProfile& taken) {
  Json json;
  json["moment"] = profile_moment_name(taken.moment);
  json["file"] = taken.file;
  json["text_file"] = json_optional(taken.text_file);
  json["total"] = taken.top ? Json(taken.top->total) : Json(nullptr);
  json["functions"] = taken.top ? json_functions(taken.top->functions) : Json(nullptr);
  json["problem"] = json_optional(taken.problem);
  return json;
}

}  // namespace

Json json_profiles(const std::vector<ProfileReport>& reports) {
  Json json = Json::array();
  for (const ProfileReport& report : reports) {
    Json entry;
    entry["index"] = report.index;
    entry["arm"] = report.arm;
    entry["kind"] = profile_kind_name(report.kind);
    entry["unit"] = report.kind == ProfileKind::kCpu ? "ns" : "bytes";
    entry["status"] = status_name(report.status);
    entry["error"] = json_optional(report.error);
    entry["profiles"] = Json::array();
    for (const TakenProfile& taken : report.profiles) {
      entry["profiles"].push_back(json_taken(taken));
    }
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace leakbench
