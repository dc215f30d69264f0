// The example goes_with on a small file of embeddings, whole and damaged in every way.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

namespace {

struct outcome {
    int code;
    std::string text;
};

/// Runs the example; what it prints to either stream.
outcome run(const std::string &arguments) {
    FILE *pipe = popen((std::string(AVOCET_GOES_WITH) + " " + arguments + " 2>&1").c_str(), "r");
    outcome found{-1, {}};
    char buffer[256];
    while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) {
        found.text += buffer;
    }
    const int ended = pclose(pipe);
    found.code = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return found;
}

template <class T>
void append(std::string &bytes, const T &value) {
    bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
}

void seal(std::string &file) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (std::size_t i = 32; i < file.size(); i++) {
        hash = (hash ^ static_cast<unsigned char>(file[i])) * 0x100000001b3u;
    }
    std::memcpy(&file[24], &hash, sizeof hash);
}

/// Four packages of two dimensions: a, bb, ccc and d.
std::string embeddings() {
    std::string file = "AVOCEMB1";
    append(file, std::uint32_t{4});
    append(file, std::uint32_t{2});
    append(file, std::uint64_t{7});
    append(file, std::uint64_t{0});
    for (const std::uint32_t end : {0u, 1u, 3u, 6u, 7u}) {
        append(file, end);
    }
    file += "abbcccd";
    file += '\0';
    for (const float source : {1.f, 0.f, 0.f, 1.f, 1.f, 1.f, 2.f, 0.f}) {
        append(file, source);
    }
    for (const float target : {9.f, 9.f, 1.f, 5.f, 3.f, 4.f, 2.f, 6.f}) {
        append(file, target);
    }
    seal(file);
    return file;
}

class GoesWith : public testing::Test {
  protected:
    const std::string path = testing::TempDir() + "goes_with_test.emb";

    void TearDown() override { std::remove(path.c_str()); }

    outcome with(const std::string &file, const std::string &arguments) {
        std::ofstream(path, std::ios::binary) << file;
        return run(path + " " + arguments);
    }

    void expect_refused(const std::string &file, const std::string &arguments, const std::string &why) {
        const outcome found = with(file, arguments);
        EXPECT_EQ(found.code, 1);
        EXPECT_EQ(found.text.rfind("goes_with: " + why, 0), 0u) << found.text;
        EXPECT_EQ(found.text.find('\n'), found.text.size() - 1) << found.text;
    }
};

TEST_F(GoesWith, BestTargetsWithoutThePackageItself) {
    EXPECT_EQ(with(embeddings(), "a").text, "3.0000 40400000 ccc\n2.0000 40000000 d\n1.0000 3f800000 bb\n");
    EXPECT_EQ(with(embeddings(), "bb 2").text, "9.0000 41100000 a\n6.0000 40c00000 d\n");
    EXPECT_EQ(with(embeddings(), "ccc 1").code, 0);
    EXPECT_EQ(with(embeddings(), "a 0").text, "");
}

TEST_F(GoesWith, EveryCutAndEveryChangedByteIsRefused) {
    const std::string whole = embeddings();
    for (std::size_t length = 0; length < whole.size(); length++) {
        expect_refused(whole.substr(0, length), "a", "");
    }
    expect_refused(whole + '\0', "a", "the file is truncated");
    for (std::size_t at = 0; at < whole.size(); at++) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x40);
        expect_refused(changed, "a", "");
    }
}

TEST_F(GoesWith, WhatElseCanBeWrong) {
    const std::string whole = embeddings();
    expect_refused(whole, "nothing", "no package has this name");
    expect_refused(whole, "", "usage");
    EXPECT_EQ(run(path + ".missing a").code, 1);
    std::string names = whole;
    names[32 + 4] = 100;
    seal(names);
    expect_refused(names, "a", "the names are damaged");
    std::string huge = whole;
    std::memset(&huge[8], 0xff, 8);
    expect_refused(huge, "a", "the file is truncated");
    huge = whole;
    std::memset(&huge[16], 0xff, 8);
    expect_refused(huge, "a", "the file is truncated");
}

// More recommendations than there are packages, and than there is memory for.
TEST_F(GoesWith, AnyNumberOfRecommendations) {
    EXPECT_EQ(with(embeddings(), "d 1000").text, "18.0000 41900000 a\n6.0000 40c00000 ccc\n2.0000 40000000 bb\n");
    const outcome found = with(embeddings(), "d 18446744073709551615");
    EXPECT_EQ(found.code, 1);
    EXPECT_EQ(found.text.rfind("goes_with: ", 0), 0u) << found.text;
}

}  // namespace
