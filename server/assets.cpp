#include "server/assets.h"

#include <brotli/encode.h>
#include <zlib.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "engine/fingerprint/fingerprint.h"

namespace tenglong::server {

namespace fs = std::filesystem;

namespace {

struct Type {
  const char *ending, *name;
  bool gains;  // by compression
};
constexpr std::array<Type, 13> kTypes = {{{".html", "text/html; charset=utf-8", true},
                                          {".js", "text/javascript; charset=utf-8", true},
                                          {".css", "text/css; charset=utf-8", true},
                                          {".json", "application/json", true},
                                          {".svg", "image/svg+xml", true},
                                          {".txt", "text/plain; charset=utf-8", true},
                                          {".webmanifest", "application/manifest+json", true},
                                          {".png", "image/png", false},
                                          {".jpg", "image/jpeg", false},
                                          {".ico", "image/x-icon", false},
                                          {".woff2", "font/woff2", false},
                                          {".wasm", "application/wasm", true},
                                          {".pbf", "application/octet-stream", true}}};

std::string gzipped(const std::string& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return done ? out : std::string();
}

// Quality 9: within two percent of 11 at a tenth of its time, for starts without pre-compressed files.
std::string brotlied(const std::string& bytes) {
  std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
  std::string out(size, '\0');
  if (BrotliEncoderCompress(9, 20, BROTLI_MODE_TEXT, bytes.size(),
                            reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data())) != BROTLI_TRUE)
    return {};
  out.resize(size);
  return out;
}

std::string read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

constexpr const char* kNoApplication =
    "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>腾笼</title></head><body>"
    "<h1>腾笼</h1><p>网页应用还没有编译（web/dist 不存在）。在项目目录运行 ./dev run 会编译它。</p>"
    "<p>接口在 <a href=\"/api/openapi.json\">/api/openapi.json</a>。</p>"
    "<p lang=\"en\">The web application is not built (web/dist is missing); ./dev run builds it. "
    "The API is at <a href=\"/api/openapi.json\">/api/openapi.json</a>.</p></body></html>\n";

}  // namespace

Assets::Assets(const std::string& folder) {
  std::error_code error;
  if (folder.empty() || !fs::is_regular_file(fs::path(folder) / "index.html", error)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file()) continue;
    const std::string ending = entry.path().extension().string();
    if (ending == ".br" || ending == ".gz" || ending == ".map") continue;
    const std::string path = "/" + fs::relative(entry.path(), folder).generic_string();
    File file;
    file.content_type = "application/octet-stream";
    bool gains = false;
    for (const Type& type : kTypes)
      if (ending == type.ending) file.content_type = type.name, gains = type.gains;
    file.is_immutable = path.rfind("/assets/", 0) == 0;  // the build names these by their content
    const auto held = [](std::string bytes) -> std::shared_ptr<const std::string> {
      return bytes.empty() ? nullptr : std::make_shared<const std::string>(std::move(bytes));
    };
    file.plain = std::make_shared<const std::string>(read_whole(entry.path()));
    file.tag = "\"" + fingerprint::of_bytes(*file.plain).substr(0, 20) + "\"";
    if (gains && file.plain->size() > 1000) {
      const std::string beside = entry.path().string();
      file.gzip = held(fs::exists(beside + ".gz") ? read_whole(beside + ".gz") : gzipped(*file.plain));
      file.brotli = held(fs::exists(beside + ".br") ? read_whole(beside + ".br") : brotlied(*file.plain));
    }
    files_.emplace(path, std::move(file));
  }
}

Answer Assets::answer(const Request& request) const {
  Answer out;
  if (files_.empty()) {
    out.status = request.path == "/" ? 200 : 404;
    out.content_type = "text/html; charset=utf-8";
    out.body = kNoApplication;
    return out;
  }
  auto found = files_.find(request.path);
  // A screen's address has no file: the application itself finds it. A file that is gone stays gone.
  if (found == files_.end() && request.path.find('.', request.path.rfind('/')) == std::string::npos)
    found = files_.find("/index.html");
  if (found == files_.end()) {
    out.status = 404;
    out.content_type = "text/plain; charset=utf-8";
    out.body = "没有这个文件。\nThere is no such file.\n";
    return out;
  }
  const File& file = found->second;
  out.content_type = file.content_type;
  out.headers.push_back({"ETag", file.tag});
  out.headers.push_back({"Vary", "Accept-Encoding"});
  out.headers.push_back(
      {"Cache-Control", file.is_immutable ? "public, max-age=31536000, immutable" : "no-cache"});
  if (request.header("if-none-match").find(file.tag) != std::string_view::npos) {
    out.status = 304;
    return out;
  }
  const std::string_view accepts = request.header("accept-encoding");
  const auto takes = [&](std::string_view coding) { return accepts.find(coding) != std::string_view::npos; };
  out.shared = file.plain;
  if (file.brotli != nullptr && takes("br")) {
    out.shared = file.brotli;
    out.headers.push_back({"Content-Encoding", "br"});
  } else if (file.gzip != nullptr && takes("gzip")) {
    out.shared = file.gzip;
    out.headers.push_back({"Content-Encoding", "gzip"});
  }
  return out;
}

}  // namespace tenglong::server
