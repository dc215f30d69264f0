/// Logistic regression over sparse, usually hashed, features that learns row by row.

#ifndef AVOCET_SPARSE_HPP
#define AVOCET_SPARSE_HPP

#include <avocet/call.hpp>
#include <avocet/handle.hpp>
#include <avocet/logistic.hpp>
#include <avocet/optim.hpp>
#include <avocet/pool.hpp>
#include <avocet/view.hpp>
#include <avocet/workspace.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// How a sparse model steps a coordinate.
enum class optimiser : std::int32_t {
    ftrl = AVOCET_OPTIMISER_FTRL,
    adagrad = AVOCET_OPTIMISER_ADAGRAD,
    sgd = AVOCET_OPTIMISER_SGD,
};

/// Options of sparse_model::create(). A zero is a zero here.
struct sparse_model_options {
    /// 1 to 2^28.
    std::size_t features = 0;
    /// Whether there is an intercept, which has no penalties.
    bool intercept = false;
    avocet::optimiser optimiser = avocet::optimiser::ftrl;
    /// Learning rate (alpha in FTRL), above 0.
    float rate = 0.1f;
    /// FTRL: holds back the rate of new coordinates; at least 0.
    float beta = 1;
    /// FTRL: L1 penalty, at least 0.
    float l1 = 0;
    /// L2 penalty, at least 0.
    float l2 = 0;
    /// Adagrad: above 0.
    float epsilon = 1e-8f;
};

/// Owns the weights of the features and the state of their optimiser. Any number of calls may use one at once, but for
/// learn(), which must have it alone.
class sparse_model {
  public:
    /// A closed one.
    sparse_model() noexcept = default;

    /// Takes over a handle of the C interface.
    explicit sparse_model(avocet_sparse_model *handle) noexcept : handle_(handle) {}

    /// Makes a model whose weights are zeros.
    /// C: avocet_sparse_model_create
    static result<sparse_model> create(const sparse_model_options &options) noexcept {
        detail::call call;
        // What C takes for the default.
        if (options.rate == 0) {
            call.refuse_real(status::invalid_argument, 1, "options.rate", 0);
        }
        if (options.optimiser == optimiser::adagrad && options.epsilon == 0) {
            call.refuse_real(status::invalid_argument, 1, "options.epsilon", 0);
        }
        avocet_sparse_model_options c{};
        c.struct_size = sizeof c;
        c.features = options.features;
        c.optimiser = static_cast<std::int32_t>(options.optimiser);
        c.intercept = options.intercept ? 1 : 0;
        c.rate = options.rate;
        c.beta = detail::not_default(options.beta);
        c.l1 = options.l1;
        c.l2 = options.l2;
        c.epsilon = options.epsilon;
        return detail::make<sparse_model, avocet_sparse_model>(
            call, [&](avocet_sparse_model **out, avocet_error *e) { return avocet_sparse_model_create(&c, out, e); });
    }

    /// Makes the model that save() wrote; it goes on bit for bit.
    /// C: avocet_sparse_model_load
    static result<sparse_model> load(array_view<const std::uint8_t> bytes) noexcept {
        detail::call call;
        return detail::make<sparse_model, avocet_sparse_model>(
            call, [&](avocet_sparse_model **out, avocet_error *e) {
                return avocet_sparse_model_load(bytes.data(), bytes.size(), out, e);
            });
    }

    /// The number of features, without the intercept; 0 for a closed model.
    /// C: avocet_sparse_model_features
    std::size_t features() const noexcept { return avocet_sparse_model_features(c_handle()); }

    /// The weight of the intercept; 0 without one, and for a closed model.
    /// C: avocet_sparse_model_intercept
    float intercept() const noexcept { return avocet_sparse_model_intercept(c_handle()); }

    /// The logit of each row. The columns of csr are the features; values has one for each index, ones if not given;
    /// margins has one for each row, where its logit starts, zeros if not given.
    /// C: avocet_sparse_model_predict
    error predict(const csr &csr, optional_array<const float> values, optional_array<const float> margins,
                  array_view<float> logits, const avocet::pool *pool = nullptr) const noexcept {
        const avocet_csr view = detail::c_csr(csr);
        detail::call call;
        return row_lengths(call, csr, values, margins)
            .length(logits, csr.rows, 5, "logits")
            .open(pool, 6, "pool")
            .run([&](avocet_error *e) {
                return avocet_sparse_model_predict(c_handle(), &view, detail::pointer(values),
                                                   detail::pointer(margins), logits.data(), detail::pointer(pool), e);
            });
    }

    /// Learns from the rows in their order, minibatch rows at a time; the rows are as those of predict(), and the
    /// targets have one value for each. logits, if given, receives what was predicted for each row before it was
    /// learnt. Bad values are found before anything is learnt, but a minibatch that would leave the range of f32 on the
    /// way (not_finite, csr, at its first row): the rows before it have been learnt then, it and the rows after it have
    /// not, and their logits are unspecified.
    /// C: avocet_sparse_model_learn
    error learn(const csr &csr, optional_array<const float> values, optional_array<const float> margins,
                const logistic_targets &targets, std::size_t minibatch, optional_array<float> logits,
                avocet::workspace &workspace) noexcept {
        const avocet_csr view = detail::c_csr(csr);
        const avocet_logistic_targets c = detail::c_targets(targets);
        detail::call call;
        return detail::target_lengths(row_lengths(call, csr, values, margins), targets, csr.rows, 5)
            .length(logits, csr.rows, 7, "logits")
            .run_in(workspace.c_handle(), [&](avocet_error *e) {
                return avocet_sparse_model_learn(c_handle(), &view, detail::pointer(values), detail::pointer(margins),
                                                 &c, minibatch, detail::pointer(logits), workspace.c_handle(), e);
            });
    }

    /// Copies the weight of each feature.
    /// C: avocet_sparse_model_weights
    error weights(array_view<float> out) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_sparse_model_weights(c_handle(), out.data(), out.size(), e); });
    }

    /// The number of features whose weight is not 0; 0 for a closed model. One pass over the state.
    /// C: avocet_sparse_model_nonzeros
    std::size_t nonzeros() const noexcept { return avocet_sparse_model_nonzeros(c_handle()); }

    /// Copies the features whose weight is not 0, in ascending order, and their weights: nonzeros() of each.
    /// C: avocet_sparse_model_nonzero
    error nonzero(array_view<std::uint32_t> features, array_view<float> weights) const noexcept {
        return detail::call()
            .open(*this, 1, "model")
            .length(weights, features.size(), 3, "weights")
            .run([&](avocet_error *e) {
                return avocet_sparse_model_nonzero(c_handle(), features.data(), weights.data(), features.size(), e);
            });
    }

    /// The number of bytes that save() writes; 0 for a closed model. One pass over the state.
    /// C: avocet_sparse_model_saved_bytes
    std::size_t saved_bytes() const noexcept { return avocet_sparse_model_saved_bytes(c_handle()); }

    /// Writes the model with the state of its optimiser to saved_bytes() bytes, the same for the same model everywhere.
    /// C: avocet_sparse_model_save
    error save(array_view<std::uint8_t> bytes) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_sparse_model_save(c_handle(), bytes.data(), bytes.size(), e); });
    }

    /// Frees the model, as the destructor does.
    /// C: avocet_sparse_model_destroy
    void close() noexcept { handle_.reset(); }

    /// Whether it is open.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    avocet_sparse_model *c_handle() const noexcept { return handle_.get(); }

  private:
    detail::call &row_lengths(detail::call &call, const csr &csr, const optional_array<const float> &values,
                              const optional_array<const float> &margins) const noexcept {
        return call.open(*this, 1, "model")
            .offsets(csr, 2)
            .length(values, csr.indices.size(), 3, "values")
            .length(margins, csr.rows, 4, "margins");
    }

    detail::handle<avocet_sparse_model, avocet_sparse_model_destroy> handle_;
};

}  // namespace v1
}  // namespace avocet

#endif
