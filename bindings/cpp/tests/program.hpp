#include <avocet/avocet.hpp>

avocet::result<avocet::graph> make_graph() noexcept;

/// The sums of a column of two rows.
avocet::error sum_rows(const avocet::graph &graph, const float *column, float *sums) noexcept;
