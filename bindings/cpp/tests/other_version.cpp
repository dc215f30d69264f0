// Run with a library of another version, which ends the program if anything but its version is asked for: every kind of
// call is refused, with both versions in the message.

#include <avocet/avocet.hpp>

#include <cstdio>
#include <cstring>

namespace {

bool refuses(const avocet::error &outcome) {
    char message[200];
    const std::size_t length = outcome.format(message, sizeof message);
    char wanted[40];
    std::snprintf(wanted, sizeof wanted, "needs version %d.%d.%d", AVOCET_VERSION_MAJOR, AVOCET_VERSION_MINOR,
                  AVOCET_VERSION_PATCH);
    char cut[5];
    return outcome.status() == avocet::status::incompatible_library &&
           outcome.c_error().status == AVOCET_ERROR_INCOMPATIBLE_LIBRARY && length < sizeof message &&
           std::strstr(message, "0.0.0 with binary interface 99") != nullptr &&
           std::strstr(message, wanted) != nullptr && outcome.message() == message &&
           outcome.format(cut, sizeof cut) == length && std::strcmp(cut, "the ") == 0 && outcome.integer() == 0;
}

}  // namespace

int main() {
    const float x[] = {1};
    float out[] = {7};
    avocet::workspace closed;
    const avocet::addend addends[] = {{{x, 1, 1}, {x, 1, 1}}};
    const std::uint32_t offsets[] = {0, 1}, columns[] = {0};
    const bool all = refuses(avocet::compatible()) && refuses(avocet::map(avocet::function::exp, x, out)) &&
                     refuses(avocet::pool::create(2).error()) && refuses(avocet::workspace::create().error()) &&
                     refuses(avocet::graph::create({1, 1, offsets, columns}).error()) &&
                     refuses(avocet::score_pairs({x, 1, 1}, {x, 1, 1}, columns, columns, out)) &&
                     refuses(avocet::score_matrix({x, 1, 1}, {x, 1, 1}, {out, 1, 1})) &&
                     refuses(avocet::convert({x, 1, 1}, {out, 1, 1})) && refuses(avocet::row_norms({x, 1, 1}, out)) &&
                     refuses(avocet::dense_product(addends, {}, {out, 1, 1}, {}, closed)) &&
                     refuses(avocet::logistic_pointwise(x, {x}, {out}, closed)) &&
                     refuses(avocet::logistic_batch({{x, 1, 1}, x}, {x}, {out}, closed).error()) &&
                     refuses(avocet::logistic_batch({{{1, 1, offsets, columns}}, x}, {x}, {out}, closed).error()) &&
                     refuses(avocet::sparse_rows::create({1, 1, offsets, columns}).error()) &&
                     refuses(avocet::logistic_fit({{x, 1, 1}}, {x}, {}, out).error()) &&
                     refuses(avocet::logistic_product(x, x, {x}, {out}, closed)) &&
                     refuses(avocet::logistic_parts(0, 1).error()) &&
                     refuses(avocet::logistic_merge({}, {}).error()) &&
                     refuses(avocet::calibration_merge({}, {}).error()) &&
                     refuses(avocet::stream::create(avocet::protocol::window, {}, {}, {}, 0, 0).error()) &&
                     refuses(avocet::grid::create({}).error()) && refuses(avocet::buckets::load({}).error()) &&
                     refuses(avocet::buckets::create(avocet::grid()).error()) &&
                     refuses(avocet::threshold_search({}, avocet::objective::at_most(1), {}, {}, closed).error()) &&
                     refuses(avocet::threshold_single({}, avocet::objective::at_most(1)).error()) &&
                     refuses(avocet::binned_auc({}, {}).error()) && refuses(avocet::uncertainty_entropy(x, out)) &&
                     refuses(avocet::index::create({x, 1, 1}).error()) && refuses(avocet::index::map({}).error()) &&
                     refuses(avocet::index().search({x, 1, 1}, 0, {}, closed)) &&
                     refuses(avocet::merge_lists({}, 0, {})) && refuses(avocet::ranking(x, x).error()) && out[0] == 7;
    std::printf("%s\n", avocet::compatible().message().c_str());
    return all ? 0 : 1;
}
