#include "harness/probe/pprof_message.h"

#include <fmt/format.h>

namespace leakbench {
namespace {

// The field numbers of profile.proto, as far as they are read; others are passed over.
enum ProfileField { kSampleType = 1, kSample = 2, kLocation = 4, kFunction = 5, kString = 6 };
enum ValueTypeField { kType = 1, kUnit = 2 };
enum SampleField { kLocationId = 1, kValue = 2, kLabel = 3 };
enum LabelField { kKey = 1, kText = 2, kNumber = 3 };
enum LocationField { kLocationNumber = 1, kAddress = 3, kLine = 4 };
enum LineField { kLineFunction = 1, kLineNumber = 2 };
enum FunctionField { kFunctionNumber = 1, kName = 2, kFile = 4, kFirstLine = 5 };

class Reader {
 public:
  Reader(const PprofLimits& limits, WireFault& fault) : limits_(limits), fault_(fault) {}

  PprofMessage read(std::string_view document) {
    WireReader reader(document, fault_);
    while (const auto field = reader.next()) {
      switch (field->number) {
        case kSampleType:
          add(message_.sample_types, value_type(*field), "sample types");
          break;
        case kSample:
          add(message_.samples, sample(*field), "samples");
          break;
        case kLocation:
          add(message_.locations, location(*field), "locations");
          break;
        case kFunction:
          add(message_.functions, function(*field), "functions");
          break;
        case kString:
          add(message_.strings, PprofMessage::String{field->at, wire_text(*field, fault_)},
              "strings");
          break;
        default:
          break;
      }
    }
    return std::move(message_);
  }

 private:
  template <typename Entry>
  void add(std::vector<Entry>& entries, const Entry& entry, const char* kind) {
    if (entries.size() < limits_.entries) {
      entries.push_back(entry);
    } else {
      fault_.report(entry.at, fmt::format("more than {} {}", limits_.entries, kind));
    }
  }

  std::uint64_t number(const WireField& field) { return wire_number(field, fault_); }
  std::int64_t signed_number(const WireField& field) {
    return static_cast<std::int64_t>(number(field));
  }

  PprofMessage::ValueType value_type(const WireField& message) {
    PprofMessage::ValueType value_type{message.at};
    WireReader reader(message, fault_);
    while (const auto field = reader.next()) {
      if (field->number == kType) value_type.type = number(*field);
      if (field->number == kUnit) value_type.unit = number(*field);
    }
    return value_type;
  }

  PprofMessage::Sample sample(const WireField& message) {
    PprofMessage::Sample sample{message.at};
    sample.location_ids.begin = message_.location_ids.size();
    sample.values.begin = message_.values.size();
    sample.labels.begin = message_.labels.size();
    WireReader reader(message, fault_);
    while (const auto field = reader.next()) {
      if (field->number == kLocationId) {
        append_wire_numbers(*field, limits_.references, fault_, message_.location_ids);
      } else if (field->number == kValue) {
        append_wire_numbers(*field, limits_.references, fault_, message_.values);
      } else if (field->number == kLabel) {
        add(message_.labels, label(*field), "labels");
      }
    }
    sample.location_ids.end = message_.location_ids.size();
    sample.values.end = message_.values.size();
    sample.labels.end = message_.labels.size();
    return sample;
  }

  PprofMessage::Label label(const WireField& message) {
    PprofMessage::Label label{message.at};
    WireReader reader(message, fault_);
    while (const auto field = reader.next()) {
      if (field->number == kKey) label.key = number(*field);
      if (field->number == kText) label.text = number(*field);
      if (field->number == kNumber) label.number = signed_number(*field);
    }
    return label;
  }

  PprofMessage::Location location(const WireField& message) {
    PprofMessage::Location location{message.at};
    location.lines.begin = message_.lines.size();
    WireReader reader(message, fault_);
    while (const auto field = reader.next()) {
      if (field->number == kLocationNumber) location.id = number(*field);
      if (field->number == kAddress) location.address = number(*field);
      if (field->number == kLine) add(message_.lines, line(*field), "lines");
    }
    location.lines.end = message_.lines.size();
    return location;
  }

  PprofMessage::Line line(const WireField& message) {
    PprofMessage::Line line{message.at};
    WireReader reader(message, fault_);
    while (const auto field = reader.next()) {
      if (field->number == kLineFunction) line.function_id = number(*field);
      if (field->number == kLineNumber) line.line = signed_number(*field);
    }
    return line;
  }

  PprofMessage::Function function(const WireField& message) {
    PprofMessage::Function function{message.at};
    WireReader reader(message, fault_);
    while (const auto field = reader.next()) {
      if (field->number == kFunctionNumber) function.id = number(*field);
      if (field->number == kName) function.name = number(*field);
      if (field->number == kFile) function.file = number(*field);
      if (field->number == kFirstLine) function.line = signed_number(*field);
    }
    return function;
  }

  const PprofLimits& limits_;
  WireFault& fault_;
  PprofMessage message_;
};

}  // namespace

PprofMessage read_pprof_message(std::string_view document, const PprofLimits& limits,
                                WireFault& fault) {
  return Reader(limits, fault).read(document);
}

}  // namespace leakbench
