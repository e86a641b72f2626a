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
  return out;
}

}  // namespace tenglong::server
