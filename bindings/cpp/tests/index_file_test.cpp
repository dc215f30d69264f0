// Saved indexes: in files, mapped, and damaged; who owns mapped memory.

#include "support.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

namespace {

using avocet::check;
using avocet::index_storage;
using avocet::status;
using support::floats;
using support::ids;
using support::refused;
using support::refused_value;

using bytes = std::vector<std::uint8_t>;
using words = std::vector<std::uint64_t>;

// Mapped memory of a file, and how many such mappings there are.
class mapping {
  public:
    mapping(const char *path, std::size_t size) : size_(size) {
        const int file = open(path, O_RDONLY);
        EXPECT_GE(file, 0);
        data_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
        EXPECT_NE(data_, MAP_FAILED);
        close(file);
        there++;
    }
    ~mapping() {
        munmap(data_, size_);
        there--;
    }
    mapping(const mapping &) = delete;
    mapping &operator=(const mapping &) = delete;

    avocet::array_view<const std::uint8_t> bytes() const {
        return {static_cast<const std::uint8_t *>(data_), size_};
    }

    static int there;

  private:
    std::size_t size_;
    void *data_;
};

int mapping::there = 0;

class IndexFile : public testing::Test {
  protected:
    avocet::index made(index_storage storage) const {
        return check(avocet::index::create({x, 3, 2}, {storage, own}));
    }

    ids found(const avocet::index &index) {
        ids rows(2), counts(1);
        floats scores(2);
        check(index.search({x, 1, 2}, 2, {rows, scores, counts}, workspace));
        return rows;
    }

    static bytes saved(const avocet::index &index) {
        bytes out(index.saved_bytes());
        check(index.save(out));
        return out;
    }

    const floats x{1, 2, 3, 4, -5, 6};
    const words own{30, 20, 10};
    const std::string path = testing::TempDir() + "avocet_index_" + std::to_string(getpid());
    avocet::workspace workspace = check(avocet::workspace::create());
};

TEST_F(IndexFile, SaveAndLoad) {
    for (const auto storage : {index_storage::f32, index_storage::bf16, index_storage::f16, index_storage::int8,
                               index_storage::int8_panels, index_storage::certified}) {
        const avocet::index index = made(storage);
        const bytes first = saved(index);
        const avocet::index loaded = check(avocet::index::load(first)), mapped = check(avocet::index::map(first));
        for (const avocet::index *each : {&loaded, &mapped}) {
            EXPECT_EQ(each->storage(), storage);
            EXPECT_EQ(each->rows(), 3u);
            EXPECT_TRUE(each->has_ids());
            EXPECT_EQ(saved(*each), first);
        }
    }
}

TEST_F(IndexFile, ThroughAFile) {
    const avocet::index index = made(index_storage::f32);
    const bytes written = saved(index);
    const auto *const text = reinterpret_cast<const char *>(written.data());
    std::ofstream(path, std::ios::binary).write(text, static_cast<std::streamsize>(written.size()));
    {
        std::ifstream file(path, std::ios::binary);
        const bytes read{std::istreambuf_iterator<char>(file), {}};
        EXPECT_EQ(found(check(avocet::index::load(read))), (ids{1, 2}));
    }
    {
        // The memory is there until the last index that was made from it is closed, in whatever order.
        auto memory = std::make_shared<const mapping>(path.c_str(), written.size());
        avocet::index mapped = check(avocet::index::map(memory->bytes(), memory));
        memory.reset();
        std::remove(path.c_str());
        EXPECT_EQ(mapping::there, 1);
        EXPECT_EQ(found(mapped), (ids{1, 2}));
        const floats other{9, 9};
        avocet::index appended = check(mapped.append({other, 1, 2}, {words{40}}));
        avocet::index removed = check(appended.remove(ids{3}));
        avocet::index replaced = check(removed.replace(ids{2}, {other, 1, 2}));
        avocet::index moved = std::move(mapped);
        moved.close();
        appended.close();
        EXPECT_EQ(found(removed), (ids{1, 2}));
        removed.close();
        EXPECT_EQ(found(replaced), (ids{2, 1}));
        EXPECT_EQ(mapping::there, 1);
        replaced = made(index_storage::f32);
        EXPECT_EQ(mapping::there, 0);
        EXPECT_EQ(found(replaced), (ids{1, 2}));
    }
}

TEST_F(IndexFile, OwnersAreLetGo) {
    const auto memory = std::make_shared<const bytes>(saved(made(index_storage::int8)));
    {
        avocet::index closed = check(avocet::index::map(*memory, memory));
        const avocet::index destroyed = check(avocet::index::map(*memory, memory));
        EXPECT_EQ(memory.use_count(), 3);
        closed.close();
        EXPECT_EQ(memory.use_count(), 2);
        // A change that is refused takes no share, nor do bytes that are no index; a copy of the rows needs none.
        EXPECT_TRUE(refused_value(destroyed.remove(ids{3}).error(), status::index_out_of_range, 2, "at", 0, 3));
        EXPECT_TRUE(avocet::index::map({memory->data(), 9}, memory).error());
        const avocet::index loaded = check(avocet::index::load(*memory));
        EXPECT_EQ(memory.use_count(), 2);
        const avocet::index removed = check(destroyed.remove(ids{0}));
        EXPECT_EQ(memory.use_count(), 3);
    }
    EXPECT_EQ(memory.use_count(), 1);
}

TEST_F(IndexFile, WhatIsRefused) {
    const avocet::index index = made(index_storage::f32);
    const bytes good = saved(index);
    bytes out(good.size() + 1, 7);
    EXPECT_TRUE(refused_value(index.save({out.data(), good.size() - 1}), status::shape_mismatch, 3, "len", 0,
                              static_cast<std::int64_t>(good.size()) - 1));
    EXPECT_TRUE(refused_value(index.save(out), status::shape_mismatch, 3, "len", 0,
                              static_cast<std::int64_t>(good.size()) + 1));
    CLOSED(index.save({nullptr, good.size()}), 2, "bytes");
    EXPECT_EQ(out, bytes(good.size() + 1, 7));
    const auto both = [&](avocet::array_view<const std::uint8_t> from) {
        const auto loaded = avocet::index::load(from), mapped = avocet::index::map(from);
        EXPECT_FALSE(loaded.value());
        EXPECT_FALSE(mapped.value());
        EXPECT_EQ(loaded.error().message(), mapped.error().message());
        return mapped.error();
    };
    CLOSED(both({nullptr, good.size()}), 1, "bytes");
    for (std::size_t len = 0; len < good.size(); len += 13) {
        SHAPE(both({good.data(), len}), 1, "bytes", static_cast<std::int64_t>(len));
    }
    bytes bad = good;
    bad[0] ^= 1;
    EXPECT_TRUE(refused(both(bad), status::invalid_argument, 1, "bytes"));
    bad = good;
    bad.back() ^= 1;
    EXPECT_TRUE(refused(both(bad), status::invalid_argument, 1, "bytes", good.size() - 8));
    // Where the memory begins matters to map() only.
    bytes shifted(good.size() + 1);
    std::copy(good.begin(), good.end(), shifted.begin() + 1);
    EXPECT_TRUE(refused(avocet::index::map({&shifted[1], good.size()}).error(), status::invalid_argument, 1, "bytes"));
    EXPECT_EQ(check(avocet::index::load({&shifted[1], good.size()})).rows(), 3u);
}

}  // namespace
