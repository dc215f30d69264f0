// A small program without exceptions and RTTI, of two translation units that both include everything: what every
// compiler and standard has to build and run.

#include "program.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>

// The binding takes no memory of its own.
static int allocations = 0;

void *operator new(std::size_t bytes) {
    allocations++;
    return std::malloc(bytes);
}

void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

// Calls do not throw.
static_assert(noexcept(make_graph()) && noexcept(avocet::map(avocet::function::exp, {}, {})) &&
              noexcept(avocet::graph::create({})) && noexcept(std::declval<avocet::graph &>().transpose()) &&
              noexcept(avocet::dual_forward({}, {}, std::declval<avocet::workspace &>())) &&
              noexcept(avocet::logistic_pointwise({}, {}, {}, std::declval<avocet::workspace &>())) &&
              noexcept(avocet::logistic_batch({}, {}, {}, std::declval<avocet::workspace &>())) &&
              noexcept(avocet::logistic_fit({}, {}, {}, {})) && noexcept(avocet::logistic_parts(0, 0)) &&
              noexcept(avocet::logistic_merge({}, {})) && noexcept(avocet::calibration_merge({}, {})) &&
              noexcept(avocet::sparse_rows::create({})) &&
              noexcept(avocet::logistic_product({}, {}, {}, {}, std::declval<avocet::workspace &>())) &&
              noexcept(avocet::feedback_weights({}, {}, {}, {}, {}, {}, {})) && noexcept(avocet::ranking({}, {})) &&
              noexcept(avocet::stream::create({}, {}, {}, {}, 0, 0)) && noexcept(avocet::calibration({}, {})) &&
              noexcept(avocet::sparse_model::create({})) && noexcept(avocet::sparse_model::load({})) &&
              noexcept(std::declval<avocet::sparse_model &>().predict({}, {}, {}, {})) &&
              noexcept(std::declval<avocet::sparse_model &>().learn({}, {}, {}, {}, 1, {},
                                                                    std::declval<avocet::workspace &>())));
static_assert(noexcept(avocet::grid::create({})) && noexcept(avocet::buckets::load({})) &&
              noexcept(avocet::buckets::create(std::declval<avocet::grid &>())) &&
              noexcept(std::declval<avocet::buckets &>().add({}, std::declval<avocet::workspace &>())) &&
              noexcept(avocet::threshold_search({}, avocet::objective::at_most(1), {}, {},
                                                std::declval<avocet::workspace &>())) &&
              noexcept(avocet::threshold_frontier({}, {}, std::declval<avocet::workspace &>())) &&
              noexcept(avocet::threshold_isotonic({}, {}, std::declval<avocet::workspace &>())) &&
              noexcept(avocet::threshold_passing({}, {})) &&
              noexcept(avocet::threshold_single({}, avocet::objective::at_most(1))) &&
              noexcept(avocet::threshold_decide(std::declval<avocet::grid &>(), {}, {}, {}, {})) &&
              noexcept(avocet::threshold_bootstrap(std::declval<avocet::grid &>(), {}, {}, {})) &&
              noexcept(avocet::binned_curve({}, {}, {})) && noexcept(avocet::binned_auc({}, {})) &&
              noexcept(avocet::uncertainty_moments({}, avocet::variance_of::sample, {}, {})) &&
              noexcept(avocet::uncertainty_beta({}, {}, {}, {})) && noexcept(avocet::uncertainty_entropy({}, {})));
static_assert(noexcept(avocet::convert({}, {})) && noexcept(avocet::quantize_rows({}, {}, {})) &&
              noexcept(avocet::dequantize_rows({}, {}, {})) && noexcept(avocet::row_norms({}, {})) &&
              noexcept(avocet::score_pairs({}, {}, {}, {}, {})) && noexcept(avocet::score_candidates({}, {}, {}, {})) &&
              noexcept(avocet::score_matrix({}, {}, {})));
static_assert(noexcept(avocet::index::create({})) && noexcept(avocet::index::load({})) &&
              noexcept(avocet::index::map({}, {})) && noexcept(std::declval<const avocet::index &>().append({})) &&
              noexcept(std::declval<const avocet::index &>().replace({}, {})) &&
              noexcept(std::declval<const avocet::index &>().remove({})) &&
              noexcept(std::declval<const avocet::index &>().search({}, 0, {}, std::declval<avocet::workspace &>())) &&
              noexcept(std::declval<const avocet::index &>().save({})) && noexcept(avocet::merge_lists({}, 0, {})));

int main() {
    const float left[] = {1, 2, 3, 4}, right[] = {5, 6, 7, 8};
    const std::uint32_t u[] = {0, 1, 1}, v[] = {1, 0, 1};
    float out[3] = {};
    const avocet::error good = avocet::score_pairs({left, 2, 2}, {right, 2, 2}, u, v, out);
    if (good || out[0] != 23 || out[1] != 39 || out[2] != 53) {
        return 1;
    }
    const avocet::error bad = avocet::score_pairs({left, 3, 2}, {right, 2, 2}, u, v, out);
    if (!bad || bad.status() != avocet::status::shape_mismatch || bad.argument() != 1 || bad.integer() != 4) {
        return 2;
    }
    avocet::result<avocet::graph> graph = make_graph();
    if (!graph || graph->edges() != 3) {
        return 3;
    }
    float sums[2] = {};
    if (sum_rows(*graph, right, sums) || sums[0] != 11 || sums[1] != 6) {
        return 4;
    }
    avocet::result<avocet::pool> pool = avocet::pool::create(2);
    avocet::result<avocet::workspace> workspace = avocet::workspace::create();
    const avocet::addend addends[] = {{{left, 2, 2}, {right, 2, 2}}};
    float product[4] = {};
    if (!pool || !workspace || avocet::dense_product(addends, {}, {product, 2, 2}, {}, *workspace, &*pool) ||
        product[0] != 19 || product[3] != 50) {
        return 5;
    }
    // A click that converts late gives two rows; their weights, and the loss of these.
    const std::int64_t clicks[] = {0}, conversions[] = {9};
    const avocet::result<avocet::stream> stream =
        avocet::stream::create(avocet::protocol::delayed, clicks, conversions, {}, 1, 10);
    avocet::row_kind kinds[2] = {};
    float a[2] = {}, b[2] = {};
    const float logits[] = {0, 0};
    double sum = 0;
    if (!stream || stream->copy({{}, {}, kinds}) || avocet::feedback_weights({}, kinds, {}, {}, {}, a, b) ||
        avocet::logistic_pointwise(logits, {{}, {}, a, b}, {{}, {}, {}, &sum}, *workspace, &*pool) || sum < 1.386294 ||
        sum > 1.386295) {
        return 6;
    }
    const avocet::result<avocet::ranking_result> ranking = avocet::ranking(logits, a);
    const avocet::result<avocet::calibration_result> calibration = avocet::calibration(a, a);
    if (!ranking || ranking->auc != 0.5 || !calibration || (*calibration + *calibration).observed != 2) {
        return 7;
    }
    float gradient[2] = {};
    const avocet::result<avocet::logistic_sums> dense =
        avocet::logistic_batch({{left, 2, 2}, logits}, {a}, {{}, gradient}, *workspace, &*pool);
    if (!dense || dense->loss < 1.386294 || dense->loss > 1.386295 || dense->gradient != 0 ||
        gradient[0] != -1) {
        return 8;
    }
    // One row of features 0 and 1, whose slope is -1/2.
    const std::int32_t offsets[] = {0, 2}, features[] = {0, 1};
    const avocet::csr row{1, 2, offsets, features};
    const float label[] = {1};
    float logit[1] = {};
    std::uint8_t saved[60 + 2 * 12];
    avocet::result<avocet::sparse_model> model =
        avocet::sparse_model::create({2, false, avocet::optimiser::sgd, 0.5f});
    if (!model || model->learn(row, {}, {}, {label}, 1, {}, *workspace) || model->save(saved)) {
        return 9;
    }
    const avocet::result<avocet::sparse_model> loaded = avocet::sparse_model::load(saved);
    if (!loaded || loaded->predict(row, {}, {}, logit, &*pool) || logit[0] != 0.5f) {
        return 10;
    }
    // The same row with the same slope, as it is and prepared, with its two features in place of all.
    const avocet::result<avocet::sparse_rows> prepared = avocet::sparse_rows::create(row);
    const avocet::result<avocet::logistic_sums> sparse =
        avocet::logistic_batch({row, logits}, {label}, {{}, gradient}, *workspace, &*pool);
    if (!prepared || !sparse || sparse->gradient != -0.5 || gradient[0] != -0.5f || gradient[1] != -0.5f) {
        return 11;
    }
    float product_of_both[1] = {};
    float fitted[2] = {};
    avocet::logistic_fit_options ridge;
    ridge.l2 = 1;
    ridge.fixed_intercept = true;
    const avocet::result<avocet::logistic_sums> compact =
        avocet::logistic_batch({{*prepared, true}, logits}, {label}, {{}, gradient}, *workspace, &*pool);
    const avocet::result<avocet::logistic_fit_result> fit =
        avocet::logistic_fit({{*prepared, true}}, {label}, ridge, fitted, &*pool);
    if (!compact || compact->loss != sparse->loss || !fit || !(fitted[0] > 0) || fitted[0] != fitted[1]) {
        return 12;
    }
    // A quarter is what two even chances give, and a part is the whole.
    const avocet::result<avocet::row_parts> parts = avocet::logistic_parts(0, 1);
    if (!parts || parts->size() != 1 ||
        avocet::logistic_product({logits, 1}, {logits, 1}, {label}, {product_of_both, {}, {}, &sum}, *workspace) ||
        sum < 1.386294 || sum > 1.386295) {
        return 13;
    }
    const avocet::result<avocet::logistic_sums> whole =
        avocet::logistic_merge(*parts, avocet::array_view<const avocet::logistic_sums>(&*compact, 1));
    const avocet::result<avocet::calibration_result> merged =
        avocet::calibration_merge(*parts, avocet::array_view<const avocet::calibration_result>(&*calibration, 1));
    if (!whole || whole->loss != compact->loss || !merged || merged->observed != calibration->observed) {
        return 14;
    }
    // Of two rows the one that is positive has the greater score.
    avocet::grid_options halves;
    halves.bins = 2;
    halves.score_edges = {&right[1], 1};
    const float scores[] = {5, 7}, doubts[] = {0, 0};
    const std::int8_t signed_labels[] = {0, 1};
    std::uint32_t first_bin[1] = {};
    float limit[1] = {};
    std::uint8_t selected[2] = {};
    const avocet::result<avocet::grid> grid = avocet::grid::create(halves);
    avocet::result<avocet::buckets> buckets = avocet::buckets::create(*grid);
    if (!grid || !buckets || buckets->add({scores, doubts, signed_labels}, *workspace, &*pool)) {
        return 15;
    }
    const avocet::result<avocet::solution> solution = avocet::threshold_search(
        *buckets, avocet::objective::recall_under_precision({1, 1}), {}, first_bin, *workspace);
    if (!solution || solution->outcome != avocet::search_outcome::found || solution->passing.positive != 1 ||
        grid->thresholds(first_bin, limit) || limit[0] != 6 ||
        avocet::threshold_decide(*grid, limit, scores, doubts, selected) || selected[0] != 0 || selected[1] != 1) {
        return 16;
    }
    std::uint64_t positive[2] = {}, negative[2] = {};
    const avocet::error read = buckets->score_bins(0, avocet::tally::counts, positive, negative);
    const avocet::result<avocet::area> auc = avocet::binned_auc(positive, negative);
    const avocet::result<avocet::interval> interval =
        avocet::binned_bootstrap(*grid, avocet::figure::auc, {scores, doubts, signed_labels}, {});
    float entropy[2] = {};
    if (read || !auc || auc->tied != 1 || !interval || interval->value != 1 ||
        avocet::uncertainty_entropy(doubts, entropy) || entropy[0] != 0) {
        return 17;
    }
    // Rows of floats, of 16 and of 8 bits: the same scores of small whole numbers.
    avocet::f16 halves_of[4];
    std::int8_t integers[4];
    float scales[2] = {}, all[4] = {}, row_scores[2] = {}, doubled[2] = {}, cosine[1] = {}, norms[2] = {};
    const std::int32_t starts[] = {0, 1, 2}, candidates[] = {1, 0};
    const float powers[] = {127, -64, 0, 254};
    if (avocet::convert({powers, 2, 2}, {halves_of, 2, 2}, &*pool) ||
        avocet::quantize_rows({halves_of, 2, 2}, {integers, 2, 2}, scales) || integers[1] != -64 || scales[1] != 2 ||
        avocet::dequantize_rows({integers, 2, 2}, scales, {all, 2, 2}) || all[3] != 254 ||
        avocet::row_norms({halves_of, 2, 2}, norms) || norms[1] != 254 ||
        avocet::score_matrix({halves_of, 2, 2}, {left, 2, 2}, {all, 2, 2}) || all[0] != -1 || all[3] != 1016 ||
        avocet::score_candidates({powers, 2, 2}, {left, 2, 2}, {2, 2, starts, candidates}, row_scores) ||
        row_scores[0] != 125 || row_scores[1] != 508 ||
        avocet::score_pairs({{integers, 2, 2}, scales}, {{integers, 2, 2}, scales}, {u, 2}, {v, 2},
                            {avocet::score_metric::dot, avocet::second_tables({left, 2, 2}, {left, 2, 2}, 2, 1)},
                            doubled) ||
        doubled[0] != 2 * -64 * 254 + 11 ||
        avocet::score_pairs({powers, 2, 2}, {powers, 2, 2}, {u, 1}, {u, 1}, {avocet::score_metric::cosine}, cosine) ||
        cosine[0] != 1) {
        return 18;
    }
    float shares[2] = {};
    if (avocet::threshold_isotonic({1, 2, positive, negative}, shares, *workspace) || shares[0] != 0 || shares[1] != 1) {
        return 19;
    }
    // A packed index, one with a row more, which is its first row again, and the lists of both merged.
    const float more[] = {1, 2};
    const std::uint64_t first_ids[] = {7, 8}, second_ids[] = {9, 10, 11};
    std::uint32_t found[4] = {}, used[2] = {}, better[2] = {}, equal[2] = {};
    float found_scores[4] = {}, given_scores[2] = {};
    std::uint64_t named[4] = {}, other_named[4] = {}, best[4] = {};
    avocet::result<avocet::index> index =
        avocet::index::create({left, 2, 2}, {avocet::index_storage::certified, first_ids}, &*pool);
    if (!index || index->search({left, 2, 2}, 2, {found, found_scores, used}, *workspace) || found[0] != 1 ||
        found_scores[1] != 5 || index->ids(found, named) || named[0] != 8) {
        return 20;
    }
    const std::int32_t given_offsets[] = {0, 1, 2}, given_rows[] = {0, 1};
    const avocet::result<avocet::graph> given = avocet::graph::create({2, 2, given_offsets, given_rows});
    const avocet::index_search_options excluding{&*given, nullptr, 1.0f};
    avocet::result<avocet::index> longer =
        avocet::index::create({left, 2, 2}, {avocet::index_storage::f32, {{second_ids, 2}}});
    if (!given || index->search({left, 2, 2}, 2, excluding, {found, found_scores, used}, *workspace, &*pool) ||
        used[0] != 1 || index->scores({left, 2, 2}, *given, given_scores, *workspace) || given_scores[1] != 25 ||
        index->rank_counts({left, 2, 2}, *given, nullptr, better, equal, *workspace) || better[0] != 1) {
        return 21;
    }
    avocet::result<avocet::index> appended = longer->append({more, 1, 2}, {{{&second_ids[2], 1}}});
    if (!longer || !appended || appended->search({left, 2, 2}, 2, {found, found_scores, used}, *workspace) ||
        appended->ids(found, other_named)) {
        return 22;
    }
    const avocet::shard shards[] = {{2, named, found_scores, used}, {2, other_named, found_scores, used}};
    float merged_scores[4] = {};
    std::uint32_t merged_counts[2] = {};
    if (avocet::merge_lists(shards, 2, {best, merged_scores, merged_counts}) || best[0] != 8 || best[1] != 10 ||
        merged_scores[2] != 25) {
        return 23;
    }
    if (allocations != 0) {
        return 24;
    }
    std::printf("ok: avocet %s, %s\n", avocet::version(), avocet::isa_name(avocet::isa_active()));
    return 0;
}
