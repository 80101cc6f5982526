#include "ingest/event_walker.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/validator.h"

namespace tally::ingest {
namespace {

const std::string kTime = R"("timestamp": "2026-01-23T21:55:09.592561+00:00")";
const std::string kRequired = kTime + R"(, "service": "s", "operation": "o", "success": true)";
const std::string kTwoOnOneLine =
    "two events on one line; each needs its own (curl -d @file strips line ends, "
    "--data-binary @file keeps them)";
const std::string kNotTime = "timestamp: not RFC 3339 with a time zone: ";
const std::string kIntoMetadata = " (what else there is to say goes into metadata)";

std::string with(const std::string& member) { return '{' + kRequired + ", " + member + '}'; }

std::string with_metadata(const std::string& value) { return with("\"metadata\": " + value); }

std::string at_time(const std::string& value) {
  return "{\"timestamp\": " + value + R"(, "service": "s", "operation": "o", "success": true})";
}

std::string by_service(const std::string& value) {
  return '{' + kTime + ", \"service\": " + value + R"(, "operation": "o", "success": true})";
}

/// The reason for which the line is refused; empty if it comes back as it is.
std::string reason_against(const std::string& line) {
  static Validator validator;
  std::string body = line;
  body.resize(line.size() + Validator::kPadding);
  const Verdict& verdict = validator.validate({body.data(), line.size()}, BodyForm::ndjson);
  if (verdict.refusals.empty()) {
    EXPECT_EQ(verdict.count, 1U);
    EXPECT_EQ(verdict.lines, line + '\n');
    return {};
  }
  EXPECT_EQ(verdict.refusals.size(), 1U);
  EXPECT_EQ(verdict.count, 0U);
  EXPECT_EQ(verdict.refusals[0].bytes, line);
  return verdict.refusals[0].reason;
}

const std::vector<std::string> kAccepted = {
    R"({"timestamp": "2026-01-23T21:55:53.983022+00:00", "service": "container-engine", )"
    R"("operation": "list", "container": null, "success": true, "error": null, )"
    R"("metadata": {"count": 20}})",
    R"({"timestamp": "2026-01-23T21:55:40.600039+00:00", "service": "container-engine", )"
    R"("operation": "list", "container": null, "success": true, "error": null, )"
    R"("metadata": {"count": 20}})",
    R"({"timestamp": "2026-01-23T21:55:09.592561+00:00", "service": "container-engine", )"
    R"("operation": "list", "container": null, "success": true, "error": null, )"
    R"("metadata": {"count": 20}})",
    "{" + kRequired + "}",
    R"({"success":false,"operation":"o","service":"s","timestamp":"2026-01-23T21:55:09Z"})",
    "  {" + kRequired + "}\t ",
    "{ \"timestamp\" : \"2026-01-23T21:55:09Z\" "
    ",\t\"service\"\t:\"s\",\"operation\":\"o\",\"success\"  :  true  }",
    "{\"timestamp\":\"2026-01-23T21:55:09Z\",\r\"service\":\"s\",\"operation\":\"o\",\"success\":"
    "true}",
    with(R"("container": null)"),
    with(R"("container": "web")"),
    with(R"("container": "")"),
    with(R"("container": "容器 🐳")"),
    with(R"("error": null)"),
    with(R"("error": "")"),
    with(R"("error": "no such container: \"web\"")"),
    with(R"("error": "line\nbreak")"),
    with(R"("metadata": null)"),
    with(R"("metadata": {})"),
    at_time(R"("2026-01-23T21:55:09Z")"),
    at_time(R"("2026-01-23t21:55:09z")"),
    at_time(R"("2026-01-23T21:55:09.5+05:30")"),
    at_time(R"("2026-01-23T21:55:09.592561123-11:30")"),
    at_time(R"("1970-01-01T00:00:00Z")"),
    at_time(R"("2261-12-31T23:59:59.999999999Z")"),
    at_time(R"("2028-02-29T00:00:00Z")"),
    at_time(R"("2026-01-23T21:55:09-00:00")"),
    at_time(R"("2026-01-23T21:55:09+23:59")"),
    at_time(R"("2026-01-23T21:55:09\u005a")"),
    with_metadata(R"({"a": {"a": {"a": 1}}, "b": {"a": 2}})"),
    with_metadata(R"({"a": [1, [2, [3]], {}, []]})"),
    with_metadata(R"({"n": 0})"),
    with_metadata(R"({"n": -0})"),
    with_metadata(R"({"n": -0.0e-0})"),
    with_metadata(R"({"n": 1E+5})"),
    with_metadata(R"({"n": 1e400})"),
    with_metadata(R"({"n": 123456789012345678901234567890.5})"),
    with_metadata(R"({"b": [true, false, null]})"),
    with_metadata(R"({"": 1})"),
    with_metadata(R"({"a b": 1, "a.b": 2, "a\"b": 3})"),
    with_metadata(R"({"\u0000": 1})"),
    with_metadata(R"({"a": "\u00e9\ud83d\udc33"})"),
    with_metadata(R"({"a": "\b\f\n\r\t\/\\\""})"),
    with_metadata("{\"a\": \"\x7f\xe2\x80\xa8\"}"),
    with_metadata(R"({"A": 1, "a": 2})"),
    with_metadata("{\"\xc3\xa9\": 1, \"e\xcc\x81\": 2}"),
    R"({"\u0074imestamp": "2026-01-23T21:55:09Z", "servic\u0065": "s", "operation": "o", )"
    R"("success": true})",
    by_service(R"("größe")"),
    by_service(R"("a\tb")"),
    by_service(R"(" ")"),
    by_service(R"("\u0000")"),
    by_service(R"("🐳")"),
};

struct Refused {
  std::string line;
  std::string reason;
};

const std::vector<Refused> kRefused = {
    {"[]", "an array where an event has to be: not a JSON object"},
    {"[{" + kRequired + "}]", "an array where an event has to be: not a JSON object"},
    {R"("x")", "not a JSON object: found a string"},
    {"5", R"(not a JSON object: found "5")"},
    {"true", R"(not a JSON object: found "true")"},
    {"null", R"(not a JSON object: found "null")"},
    {"nope", R"(not a JSON object: found "nope")"},
    {"{", "ends before the event does: a bracket is not closed"},
    {"{}", "timestamp, service, operation, success: missing"},
    {"{ }", "timestamp, service, operation, success: missing"},
    {"}", R"(not a JSON object: found "}")"},
    {",", R"(not a JSON object: found ",")"},
    {R"({")", "a string without its closing quote"},
    {R"({"timestamp)", "a string without its closing quote"},
    {"\xef\xbb\xbf{" + kRequired + "}",
     "begins with a byte order mark (EF BB BF), which JSON must not have"},
    {"# comment", R"(not a JSON object: found "#")"},
    {"timestamp=2026 service=s", R"(not a JSON object: found "timestamp=2026")"},
    {R"({"service": "s", "operation": "o", "success": true})", "timestamp: missing"},
    {"{" + kTime + R"(, "operation": "o", "success": true})", "service: missing"},
    {"{" + kTime + R"(, "service": "s", "success": true})", "operation: missing"},
    {"{" + kTime + R"(, "service": "s", "operation": "o"})", "success: missing"},
    {at_time(R"("")"), kNotTime + R"("")"},
    {at_time(R"("now")"), kNotTime + R"("now")"},
    {at_time(R"("2026-01-23")"), kNotTime + R"("2026-01-23")"},
    {at_time(R"("2026-01-23T21:55:09")"),
     kNotTime + R"("2026-01-23T21:55:09"; it has no zone, such as Z or +02:00)"},
    {at_time(R"("2026-01-23T21:55:09.592561")"),
     kNotTime + R"("2026-01-23T21:55:09.592561"; it has no zone, such as Z or +02:00)"},
    {at_time(R"("2026-01-23 21:55:09Z")"),
     kNotTime + R"("2026-01-23 21:55:09Z"; T has to be where the space is)"},
    {at_time(R"("2026-01-23 21:55:09")"),
     kNotTime + R"("2026-01-23 21:55:09"; T has to be where the space is, and it has no zone)"},
    {at_time(R"("2026-01-23T21:55:60Z")"), kNotTime + R"("2026-01-23T21:55:60Z")"},
    {at_time(R"("2016-12-31T23:59:60Z")"), kNotTime + R"("2016-12-31T23:59:60Z")"},
    {at_time(R"("2026-02-29T00:00:00Z")"),
     kNotTime + R"("2026-02-29T00:00:00Z"; that year has no such day)"},
    {at_time(R"("2026-04-31T00:00:00Z")"), kNotTime + R"("2026-04-31T00:00:00Z")"},
    {at_time(R"("2026-13-01T00:00:00Z")"), kNotTime + R"("2026-13-01T00:00:00Z")"},
    {at_time(R"("1969-12-31T23:59:59Z")"),
     kNotTime + R"("1969-12-31T23:59:59Z"; the year has to be from 1970 to 2261)"},
    {at_time(R"("2262-01-01T00:00:00Z")"),
     kNotTime + R"("2262-01-01T00:00:00Z"; the year has to be from 1970 to 2261)"},
    {at_time(R"("2026-01-23T24:00:00Z")"), kNotTime + R"("2026-01-23T24:00:00Z")"},
    {at_time(R"("2026-01-23T21:55:09.Z")"), kNotTime + R"("2026-01-23T21:55:09.Z")"},
    {at_time(R"("2026-01-23T21:55:09.1234567890Z")"),
     kNotTime + R"("2026-01-23T21:55:09.1234567890Z")"},
    {at_time(R"("2026-01-23T21:55:09,5Z")"), kNotTime + R"("2026-01-23T21:55:09,5Z")"},
    {at_time(R"("2026-01-23T21:55:09+0000")"), kNotTime + R"("2026-01-23T21:55:09+0000")"},
    {at_time(R"("2026-01-23T21:55:09+24:00")"), kNotTime + R"("2026-01-23T21:55:09+24:00")"},
    {at_time(R"("2026-01-23T21:55:09+00:60")"), kNotTime + R"("2026-01-23T21:55:09+00:60")"},
    {at_time(R"( "2026-01-23T21:55:09Zx")"), kNotTime + R"("2026-01-23T21:55:09Zx")"},
    {at_time(R"("20260123T215509Z")"), kNotTime + R"("20260123T215509Z")"},
    {at_time("1769205309"), "timestamp: must be a string, not a number"},
    {at_time("null"), "timestamp: must be a string, not null"},
    {at_time("{}"), "timestamp: must be a string, not an object"},
    {at_time("true"), "timestamp: must be a string, not a boolean"},
    {by_service(R"("")"), "service: must not be empty"},
    {by_service("null"), "service: must be a string, not null"},
    {by_service("7"), "service: must be a string, not a number"},
    {by_service("true"), "service: must be a string, not a boolean"},
    {by_service("[]"), "service: must be a string, not an array"},
    {by_service("{}"), "service: must be a string, not an object"},
    {by_service("s"), R"(service: not a JSON value: "s")"},
    {by_service("'s'"),
     R"(service: not a JSON value: "'s'" (JSON's strings are in double quotes))"},
    {by_service(R"("s)"),
     R"(service: a comma or the closing bracket has to be where "operation\"" is)"},
    {by_service("\"a\tb\""),
     "service: control character 0x09 in a string, where JSON wants an escape"},
    {by_service("\"a\x01"
                "b\""),
     "service: control character 0x01 in a string, where JSON wants an escape"},
    {by_service(R"("\x41")"), R"(service: unknown escape "\\x")"},
    {by_service(R"("\u12g4")"), R"(service: \u without four hexadecimal digits)"},
    {by_service(R"("\ud800")"), R"(service: lone surrogate \ud800, which stands for no character)"},
    {by_service(R"("\udc33")"), R"(service: lone surrogate \udc33, which stands for no character)"},
    {by_service(R"("\ud83d\ud83d")"),
     R"(service: lone surrogate \ud83d, which stands for no character)"},
    {by_service(R"("\ud83d")"), R"(service: lone surrogate \ud83d, which stands for no character)"},
    {by_service(R"("a" "b")"),
     "service: a comma or the closing bracket has to be where a string is"},
    {by_service(R"("a"b)"), R"(service: a comma or the closing bracket has to be where "b" is)"},
    {by_service(R"("a":"b")"), R"(service: a comma or the closing bracket has to be where ":" is)"},
    {by_service(""), R"(service: a value is missing before ",")"},
    {with(R"("success": false)"), "success: duplicate key"},
    {with(R"("success": true)"), "success: duplicate key"},
    {with(R"("\u0073uccess": true)"), "success: duplicate key"},
    {with(R"("container": 5)"), "container: must be a string or null, not a number"},
    {with(R"("container": true)"), "container: must be a string or null, not a boolean"},
    {with(R"("container": {})"), "container: must be a string or null, not an object"},
    {with(R"("container": [])"), "container: must be a string or null, not an array"},
    {with(R"("error": 5)"), "error: must be a string or null, not a number"},
    {with(R"("error": {})"), "error: must be a string or null, not an object"},
    {with(R"("error": false)"), "error: must be a string or null, not a boolean"},
    {with(R"("metadata": "x")"), "metadata: must be an object or null, not a string"},
    {with(R"("metadata": [])"), "metadata: must be an object or null, not an array"},
    {with(R"("metadata": 5)"), "metadata: must be an object or null, not a number"},
    {with(R"("metadata": true)"), "metadata: must be an object or null, not a boolean"},
    {with(R"("metadata": {"a":1}, "metadata": {})"), "metadata: duplicate key"},
    {with(R"("extra": 1)"), "extra: unknown field" + kIntoMetadata},
    {with(R"("conatiner": "web")"), "conatiner: unknown field; did you mean container?"},
    {with(R"("Service": "s")"), "Service: unknown field; did you mean service?"},
    {with(R"("meta": {})"), "meta: unknown field" + kIntoMetadata},
    {with(R"("": 1)"), R"([""]: unknown field)" + kIntoMetadata},
    {with(R"("user": "root")"), "user: unknown field" + kIntoMetadata},
    {with(R"("container": Null)"), R"(container: not a JSON value: "Null")"},
    {with(R"("error": None)"),
     R"(error: not a JSON value: "None" (JSON writes true, false, null))"},
    {with(R"("error": nul)"), R"(error: not a JSON value: "nul")"},
    {with(R"("error": nullx)"), R"(error: not a JSON value: "nullx")"},
    {with(R"("metadata": {"a": 1)"), "ends before the event does: a bracket is not closed"},
    {with(R"("metadata": {"a": [1, 2})"),
     R"(metadata.a[1]: a comma or the closing bracket has to be where "}" is)"},
    {with(R"("metadata": {"a": [1, 2]])"),
     R"(metadata.a: a comma or the closing bracket has to be where "]" is)"},
    {with(""), "a comma without a field behind it"},
    {"{" + kTime + R"(, "service": "s", "operation": "o", "success": 1})",
     "success: must be true or false, not a number"},
    {"{" + kTime + R"(, "service": "s", "operation": "o", "success": "true"})",
     "success: must be true or false, not a string"},
    {"{" + kTime + R"(, "service": "s", "operation": "o", "success": null})",
     "success: must be true or false, not null"},
    {"{" + kTime + R"(, "service": "s", "operation": "o", "success": True})",
     R"(success: not a JSON value: "True" (JSON writes true, false, null))"},
    {"{" + kTime + R"(, "service": "s", "operation": "o", "success": FALSE})",
     R"(success: not a JSON value: "FALSE")"},
    {"{" + kTime + R"(, "service": "s", "operation": "o", "success": tru})",
     R"(success: not a JSON value: "tru")"},
    {"{" + kRequired + "e}", R"(success: not a JSON value: "truee")"},
    {"{" + kTime + R"(, "service": "s", "operation": "o", "success": 0})",
     "success: must be true or false, not a number"},
    {"{" + kTime + R"(, "service": "s", "operation": "o", "success": yes})",
     R"(success: not a JSON value: "yes")"},
    {with_metadata(R"({"a": 1, "a": 2})"), "metadata.a: duplicate key"},
    {with_metadata(R"({"a": {"b": 1, "c": 2, "b": 3}})"), "metadata.a.b: duplicate key"},
    {with_metadata(R"({"a": [{"b": 1}, {"c": 1, "c": 1}]})"), "metadata.a[1].c: duplicate key"},
    {with_metadata(R"({"a": 1, "\u0061": 2})"), "metadata.a: duplicate key"},
    {with_metadata(R"({"é": 1, "\u00e9": 2})"), R"(metadata["é"]: duplicate key)"},
    {with_metadata(R"({"n": 01})"), R"(metadata.n: not a JSON number: "01")"},
    {with_metadata(R"({"n": -})"), R"(metadata.n: not a JSON number: "-")"},
    {with_metadata(R"({"n": 1.})"), R"(metadata.n: not a JSON number: "1.")"},
    {with_metadata(R"({"n": .5})"), R"(metadata.n: not a JSON value: ".5")"},
    {with_metadata(R"({"n": 1e})"), R"(metadata.n: not a JSON number: "1e")"},
    {with_metadata(R"({"n": 1e+})"), R"(metadata.n: not a JSON number: "1e+")"},
    {with_metadata(R"({"n": +1})"), R"(metadata.n: not a JSON value: "+1")"},
    {with_metadata(R"({"n": 0x10})"), R"(metadata.n: not a JSON number: "0x10")"},
    {with_metadata(R"({"n": 1_000})"), R"(metadata.n: not a JSON number: "1_000")"},
    {with_metadata(R"({"n": 1,5})"),
     R"(metadata: a field's name in double quotes has to be where "5" is)"},
    {with_metadata(R"({"n": NaN})"), R"(metadata.n: not a JSON value: "NaN" (JSON has no such )"
                                     R"(number; send null or a string))"},
    {with_metadata(R"({"n": Infinity})"),
     R"(metadata.n: not a JSON value: "Infinity" (JSON has no such )"
     R"(number; send null or a string))"},
    {with_metadata(R"({"n": -Infinity})"), R"(metadata.n: not a JSON number: "-Infinity")"},
    {with_metadata(R"({"a": [1,]})"), R"(metadata.a[1]: a value is missing before "]")"},
    {with_metadata(R"({"a": [,1]})"), R"(metadata.a[0]: a value is missing before ",")"},
    {with_metadata(R"({"a": [1 2]})"),
     R"(metadata.a[0]: a comma or the closing bracket has to be where "2" is)"},
    {with_metadata(R"({"a": 1,})"), "metadata: a comma without a field behind it"},
    {with_metadata(R"({,"a": 1})"),
     R"(metadata: a field's name in double quotes has to be where "," is)"},
    {with_metadata(R"({"a" 1})"), R"(metadata.a: a colon has to be where "1" is)"},
    {with_metadata(R"({"a":: 1})"), R"(metadata.a: not a JSON value: ":")"},
    {with_metadata("{a: 1}"),
     R"(metadata: a field's name in double quotes has to be where "a" is)"},
    {with_metadata(R"({"a"})"), R"(metadata.a: a colon has to be where "}" is)"},
    {with_metadata(R"({"a":})"), R"(metadata.a: a value is missing before "}")"},
    {with_metadata("{1: 2}"),
     R"(metadata: a field's name in double quotes has to be where "1" is)"},
    {with_metadata(R"({"a b": {"c.d": [0, nope]}})"),
     R"(metadata["a b"]["c.d"][1]: not a JSON value: "nope")"},
    {with_metadata(R"({"a": "\q"})"), R"(metadata.a: unknown escape "\\q")"},
    {with_metadata(R"({"a\q": 1})"), R"(metadata: unknown escape "\\q")"},
    {with_metadata(R"({"a": \"b"})"), R"(metadata.a: not a JSON value: "\\\"b\"")"},
    {with_metadata(R"({"a": 1 /* c */})"),
     R"(metadata.a: a comma or the closing bracket has to be where "/*" is)"},
    {with_metadata("{\"a\": \"x\x1fy\"}"),
     "metadata.a: control character 0x1F in a string, where JSON wants an escape"},
    {with_metadata(std::string("{\"a\x00\": 1}", 9)),
     "metadata: control character 0x00 in a string, where JSON wants an escape"},
    {with_metadata(std::string("{\"a\": 1\x00}", 9)),
     R"(metadata.a: not a JSON number: "1\u0000")"},
    {with_metadata("{\"a\": 1\x0c}"), R"(metadata.a: not a JSON number: "1\u000c")"},
    {"{" + kRequired + "}{" + kRequired + "}", kTwoOnOneLine},
    {"{" + kRequired + "} {" + kRequired + "}", kTwoOnOneLine},
    {"{" + kRequired + "},", "a comma behind the event: lines are not separated by commas"},
    {"{" + kRequired + "} x", R"(text behind the event: "x")"},
    {"{" + kRequired + "}}", R"(text behind the event: "}")"},
    {"{" + kRequired + "}]", R"(text behind the event: "]")"},
    {"{" + kRequired, "ends before the event does: a bracket is not closed"},
    {"{" + kRequired + ",", "ends before the event does: a bracket is not closed"},
    {"{" + kRequired + ",}", "a comma without a field behind it"},
    {"{" + kRequired + R"(} "open)", "a string without its closing quote"},
    {"{" + kTime +
         ", \"service\": \"a\xff"
         "b\", \"operation\": \"o\", \"success\": true}",
     "service: invalid UTF-8"},
    {"{" + kTime + ", \"service\": \"\xc0\x80\", \"operation\": \"o\", \"success\": true}",
     "service: invalid UTF-8"},
    {"{" + kTime + ", \"service\": \"\xed\xa0\x80\", \"operation\": \"o\", \"success\": true}",
     "service: invalid UTF-8"},
    {"{" + kTime + ", \"service\": \"\xf4\x90\x80\x80\", \"operation\": \"o\", \"success\": true}",
     "service: invalid UTF-8"},
    {"{" + kTime + ", \"service\": \"\xe2\x82\", \"operation\": \"o\", \"success\": true}",
     "service: invalid UTF-8"},
    {"{" + kRequired + ", \"metadata\": {\"\xff\": 1}}", "metadata: invalid UTF-8"},
    {"{" + kRequired + ", \"metadata\": {\"a\": 1\xff}}", R"(metadata.a: not a JSON number: "1�")"},
};

TEST(EventWalker, AcceptsWhatTheContractAllows) {
  for (const std::string& line : kAccepted) EXPECT_EQ(reason_against(line), "") << line;
}

TEST(EventWalker, RefusesAllElseAndSaysWhy) {
  for (const Refused& refused : kRefused) {
    EXPECT_EQ(reason_against(refused.line), refused.reason) << refused.line;
  }
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  while (count-- > 0) out += text;
  return out;
}

TEST(EventWalker, CountsLengthsInCodePointsAfterUnescaping) {
  for (const std::string_view letter : {"x", "\u00e9", "\U0001F433", "\\n", "\\ud83d\\udc33"}) {
    EXPECT_EQ(reason_against(by_service('"' + repeated(letter, 256) + '"')), "") << letter;
    EXPECT_EQ(reason_against(by_service('"' + repeated(letter, 257) + '"')),
              "service: longer than 256 characters (257)");
    EXPECT_EQ(reason_against(with("\"container\": \"" + repeated(letter, 512) + '"')), "");
    EXPECT_EQ(reason_against(with("\"container\": \"" + repeated(letter, 513) + '"')),
              "container: longer than 512 characters (513)");
  }
}

TEST(EventWalker, NestsTo32LevelsTheEventIncluded) {
  const auto objects = [](std::size_t levels) {
    return with_metadata(repeated("{\"n\":", levels) + '1' + repeated("}", levels));
  };
  const auto arrays = [](std::size_t levels) {
    return with_metadata("{\"a\":" + repeated("[", levels) + repeated("]", levels) + '}');
  };
  EXPECT_EQ(reason_against(objects(31)), "");
  EXPECT_EQ(reason_against(objects(32)),
            "metadata" + repeated(".n", 31) + ": nested deeper than 32 levels");
  EXPECT_EQ(reason_against(arrays(30)), "");
  EXPECT_EQ(reason_against(arrays(31)),
            "…" + repeated("[0]", 27) + ": nested deeper than 32 levels");
}

TEST(EventWalker, FindsADuplicateAmongManyKeys) {
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_EQ(reason_against(with_metadata('{' + many + "\"last\":0}")), "");
  EXPECT_EQ(reason_against(with_metadata('{' + many + "\"k\\u0034999\":0}")),
            "metadata.k4999: duplicate key");
}

TEST(EventWalker, ComparesKeysWithinTheirOwnObjectOnly) {
  std::string objects;
  for (int i = 0; i < 100; ++i) objects += "{\"a\":{\"a\":0},\"b\":0},";
  EXPECT_EQ(reason_against(with_metadata("{\"a\":[" + objects + "0],\"b\":0}")), "");
}

TEST(EventWalker, CutsHostileTextsInItsReasons) {
  const std::string key(60000, 'k');
  for (const std::string& line :
       {with('"' + key + "\": 1"), with_metadata("{\"" + key + "\": nope}"),
        at_time('"' + key + '"'), with_metadata("{\"a\": " + key + "}"),
        with_metadata("{\"a\": \"\\q" + key + "\"}"), key,
        with_metadata("{\"" + repeated("\xE2\x82\xAC", 20000) + "\": nope}")}) {
    const std::string reason = reason_against(line);
    EXPECT_FALSE(reason.empty());
    EXPECT_LT(reason.size(), 250U) << reason;
  }
}

TEST(EventWalker, DoesNotReadOnIntoTheNextLine) {
  const std::string open = '{' + kRequired + ", \"metadata\": {";
  const std::string body = open + "\n}}\n" + open + "\n" + open + "\n{" + kRequired + "}\n";
  std::string copy = body;
  copy.resize(body.size() + Validator::kPadding);
  Validator validator;
  const Verdict& verdict = validator.validate({copy.data(), body.size()}, BodyForm::ndjson);
  EXPECT_EQ(verdict.lines, '{' + kRequired + "}\n");
  ASSERT_EQ(verdict.refusals.size(), 4U);
  EXPECT_EQ(verdict.refusals[0].reason, "ends before the event does: a bracket is not closed");
}

}  // namespace
}  // namespace tally::ingest
