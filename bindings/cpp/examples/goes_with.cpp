// What goes with a package: serves the embeddings that related_products --save wrote.
//
//     goes_with FILE NAME [K]
//
// prints a line for each recommendation: score, the score's bits, name. The layout of the file is described in
// examples/related_products/src/embeddings.rs; this program reads it on little-endian machines.

#include <avocet/avocet.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// Reads values one after the other from bytes whose length was checked.
class reader {
  public:
    explicit reader(const char *bytes) : at_(bytes) {}

    template <class T>
    T one() {
        T value;
        std::memcpy(&value, take(sizeof value), sizeof value);
        return value;
    }

    template <class T>
    std::vector<T> many(std::size_t len) {
        std::vector<T> values(len);
        if (len > 0) {
            std::memcpy(values.data(), take(len * sizeof(T)), len * sizeof(T));
        }
        return values;
    }

    const char *take(std::size_t bytes) { return (at_ += bytes) - bytes; }

  private:
    const char *at_;
};

class embeddings {
  public:
    explicit embeddings(const std::string &file) {
        if (file.size() < 32 || file.compare(0, 8, "AVOCEMB1") != 0) {
            throw std::runtime_error("not an embeddings file");
        }
        reader head(file.data() + 8);
        const std::uint64_t n = head.one<std::uint32_t>(), d = head.one<std::uint32_t>();
        const auto text = head.one<std::uint64_t>(), checksum = head.one<std::uint64_t>();
        const std::uint64_t body = file.size() - 32, elements = n * d;
        if (text > body || elements > body / 8 || (n + 1) * 4 + (text + 3) / 4 * 4 + elements * 8 != body) {
            throw std::runtime_error("the file is truncated");
        }
        std::uint64_t hash = 0xcbf29ce484222325u;
        for (std::size_t i = 32; i < file.size(); i++) {
            hash = (hash ^ static_cast<unsigned char>(file[i])) * 0x100000001b3u;
        }
        if (hash != checksum) {
            throw std::runtime_error("the file is altered");
        }
        reader rest(file.data() + 32);
        ends_ = rest.many<std::uint32_t>(n + 1);
        names_.assign(rest.take((text + 3) / 4 * 4), text);
        sources_ = rest.many<float>(elements);
        targets_ = rest.many<float>(elements);
        for (std::size_t i = 0; i < n; i++) {
            if (ends_[i] > ends_[i + 1] || ends_[i + 1] > text) {
                throw std::runtime_error("the names are damaged");
            }
        }
        size_ = n;
        width_ = d;
    }

    std::size_t size() const { return size_; }

    std::string_view name(std::size_t id) const {
        return std::string_view(names_).substr(ends_[id], ends_[id + 1] - ends_[id]);
    }

    std::uint32_t find(std::string_view wanted) const {
        for (std::uint32_t id = 0; id < size_; id++) {
            if (name(id) == wanted) {
                return id;
            }
        }
        throw std::runtime_error("no package has this name");
    }

    avocet::matrix query(std::size_t id) const { return {{sources_.data() + id * width_, width_}, 1, width_}; }
    avocet::matrix targets() const { return {targets_, size_, width_}; }

  private:
    std::size_t size_ = 0, width_ = 0;
    std::vector<std::uint32_t> ends_;
    std::string names_;
    std::vector<float> sources_, targets_;
};

std::string read_file(const char *path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
        throw std::runtime_error("cannot read the file");
    }
    return bytes;
}

void recommend(const embeddings &packages, std::uint32_t id, std::size_t k) {
    // One query; the package itself is left out.
    const std::vector<std::uint32_t> offsets{0, 1}, itself{id};
    const avocet::graph exclude = avocet::check(avocet::graph::create({1, packages.size(), offsets, itself}));
    avocet::workspace workspace = avocet::check(avocet::workspace::create());

    std::vector<std::uint32_t> ids(k), counts(1);
    std::vector<float> scores(k);
    avocet::check(avocet::top_k(packages.query(id), packages.targets(), &exclude, k, {ids, scores, counts}, workspace));
    for (std::size_t i = 0; i < counts[0]; i++) {
        std::uint32_t bits;
        std::memcpy(&bits, &scores[i], sizeof bits);
        const std::string_view name = packages.name(ids[i]);
        std::printf("%.4f %08x %.*s\n", scores[i], bits, static_cast<int>(name.size()), name.data());
    }
}

}  // namespace

int main(int argc, char **argv) try {
    if (argc < 3) {
        throw std::runtime_error("usage: goes_with FILE NAME [K]");
    }
    const embeddings packages(read_file(argv[1]));
    recommend(packages, packages.find(argv[2]), argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 10);
} catch (const std::exception &failure) {
    std::fprintf(stderr, "goes_with: %s\n", failure.what());
    return 1;
}
