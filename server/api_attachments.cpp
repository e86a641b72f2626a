// Files that records name (附件): handed in, then named by a field; opened by who may open them.
//
// Never: shown in the page's own origin as anything but a download; told of to somebody who may not open it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/schema/attachment.h"
#include "server/api.h"
#include "server/inside/files.h"
#include "server/inside/write.h"
#include "server/uploads.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;

Answer hand_in(District& district, Uploads& uploads, const Call& call) {
  const auto upload = uploads.find(call.caller.account.id, call.body.text_of("upload"));
  if (!upload) return not_there();
  if (!upload->is_whole())
    return problem(409, "E-SERVER-502", {"文件还没有传完。", "The file is not whole yet."},
                   {"传完再交。", "Hand it in when it is."});
  if (upload->size > static_cast<std::int64_t>(store::kMostFileBytes))
    return problem(
        413, "E-SERVER-506",
        {"附件最多 " + std::to_string(store::kMostFileBytes >> 20) + " MiB。", "The file is too large."},
        {"压缩或拆成几份。", "Compress it, or split it."});
  std::ifstream in(uploads.path(*upload), std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  const schema::Attachment kept =
      district.store().as(author_of(call), call.caller.scope)->keep_file(upload->name, content);
  uploads.remove(*upload);
  JsonWriter out;
  out.begin_object().member("value", schema::to_text(kept)).member("name", kept.name);
  out.member("size", kept.size).end_object();
  return {.status = 201, .body = out.take()};
}

Answer open_file(District& district, const Call& call) {
  const auto edition = district.edition();
  const schema::Register* target = edition->pack->schema.find(call.path.at("register"));
  if (target == nullptr) return not_there();
  const auto opened = district.store()
                          .as(author_of(call), call.caller.scope)
                          ->open_file(target->id, call.path.at("key"), period_of(*edition, call, *target),
                                      call.path.at("field"));
  if (!opened) return not_there();
  if (!opened->content)
    return problem(404, "E-SERVER-507",
                   {"“" + opened->what.name + "”只登记了指纹和大小，文件本身没有交来。",
                    "“" + opened->what.name + "” is named, but the file itself was never handed in."},
                   {"在“改”里选这份文件，保存即交来。", "Choose the file in the form and save."});
  Answer out = download(opened->what.name, "application/octet-stream");
  out.body = *opened->content;
  return out;
}

// Nothing of what the files are: who cleans up sees no data.
Answer unnamed_files(District& district, const Call& call) {
  constexpr std::size_t kMostListed = 500;
  const std::vector<store::UnnamedFile> all =
      district.store().as(author_of(call), call.caller.scope)->unnamed_files();
  std::int64_t bytes = 0;
  for (const store::UnnamedFile& each : all) bytes += each.size;
  JsonWriter out;
  out.begin_object().member("count", static_cast<std::int64_t>(all.size())).member("bytes", bytes);
  out.key("files").begin_array();
  for (std::size_t i = 0; i < std::min(all.size(), kMostListed); ++i)
    out.begin_object().member("fingerprint", all[i].fingerprint).member("size", all[i].size).end_object();
  out.end_array().end_object();
  return json(out);
}

Answer remove_file(District& district, const Call& call) {
  const std::string& fingerprint = call.path.at("fingerprint");
  if (district.store().as(author_of(call), call.caller.scope)->remove_file(fingerprint))
    return {.status = 204};
  return problem(409, "E-STORE-130",
                 {"没有删：没有这份附件，或者有记录（现在的、以前的）或更正单指着它。",
                  "Not removed: it is not kept, or a statement of any time or a correction names it."},
                 {"重新看一遍没有被指着的附件。", "Look again at the files that nothing names."});
}

}  // namespace

std::vector<Route> attachment_routes(District& district, Uploads& uploads) {
  std::vector<Route> out;
  out.push_back(
      {Method::Post,
       "/api/files",
       "hand_in_file",
       Summary("交一份附件", "Hand in a file that a record will name"),
       Operation::ImportBatch,
       Repeat::Keyed,
       Runs::OnWorker,
       {},
       Input::of(Shape::object("NewFile", {{"upload", Shape::text(40, 1), "a whole upload"}}), 4096),
       Output::json(Shape::object("HandedIn", {{"value", Shape::text(2000), "what the field says of it"},
                                               {"name", Shape::text(2000), ""},
                                               {"size", Shape::count(), "bytes"}}),
                    201),
       [&](const Call& call) { return hand_in(district, uploads, call); }});
  out.push_back({Method::Get,
                 "/api/registers/{register}/records/{key}/files/{field}",
                 "open_file",
                 Summary("打开附件", "A file that a record names"),
                 Operation::OpenFile,
                 Repeat::Reads,
                 Runs::OnWorker,
                 {in_path("register", "id"), in_path("key", "key of the record", 300),
                  in_path("field", "id of the field"), period_parameter()},
                 Input::none(),
                 Output::file("application/octet-stream"),
                 [&](const Call& call) { return open_file(district, call); }});
  const Shape unnamed =
      Shape::object("UnnamedFile", {{"fingerprint", Shape::text(64), ""}, {"size", Shape::count(), "bytes"}});
  out.push_back(reading(
      "/api/files/unnamed", "list_unnamed_files",
      Summary("没有记录指着的附件", "Files that were handed in and nothing names"), Operation::RemoveFile, {},
      Shape::object("UnnamedFiles", {{"count", Shape::count(), ""},
                                     {"bytes", Shape::count(), "of all"},
                                     {"files", Shape::list(unnamed), "the first 500, by fingerprint"}}),
      [&](const Call& call) { return unnamed_files(district, call); }));
  out.push_back({Method::Delete,
                 "/api/files/{fingerprint}",
                 "remove_file",
                 Summary("清一份附件", "Take away a file that nothing names"),
                 Operation::RemoveFile,
                 Repeat::Same,
                 Runs::OnWorker,
                 {in_path("fingerprint", "as it is listed", 64)},
                 Input::none(),
                 Output::nothing(),
                 [&](const Call& call) { return remove_file(district, call); }});
  return out;
}

}  // namespace tenglong::server
