/// The C++ binding of avocet, header-only over <avocet.h>: CPU kernels for ranking and recommendation, with the same
/// bits on every machine.
///
/// Every C function avocet_x is avocet::x here, or a member of pool, workspace, graph, stream, sparse_rows,
/// sparse_model, grid, buckets or index; its argument order is that of C, less the lengths, with the pool last.
/// <avocet.h> is the reference for formulas, order of operations, NaN rule, ties, complexity, threads and errors;
/// comments here say what differs.
///
/// Errors. Nothing throws but check() (exception.hpp), and everything but error::message() is noexcept. A call returns
/// an error, or a result where it makes something. Before the C call the binding checks what only it can know: that
/// arrays have the length that the shapes ask for, that views lie within what they were made from, that handles are
/// open. It reports these as the library would, by the argument's number and name in the C function. Outputs are as
/// they were when a call fails, unless the call's comment says that it finds bad values on the way. That a search has
/// no answer is no error: it is the outcome in its solution (threshold_search.hpp).
///
/// Memory. Views (array_view, matrix, indices) own nothing and must not outlive what they were made from. Pools,
/// workspaces, graphs, streams, sparse rows, sparse models, grids, buckets and indexes are move-only owners; as with any
/// C++ object, nothing may use one while it is closed, moved or destroyed. One that is closed, or was moved from, is
/// refused with null_pointer. The binding allocates nothing, but for workspaces that have to grow, and for more shards
/// than merge_lists() has room for.
///
/// Threads. A pool is passed by pointer, and none means on the calling thread. Pools, graphs, streams, sparse rows,
/// grids and indexes may be shared by any number of calls, a sparse model and buckets by any that do not change them; a
/// workspace, a model that learns and buckets that change serve one call at a time.

#ifndef AVOCET_AVOCET_HPP
#define AVOCET_AVOCET_HPP

#include <avocet/aggregate.hpp>
#include <avocet/array_view.hpp>
#include <avocet/binned.hpp>
#include <avocet/buckets.hpp>
#include <avocet/convert.hpp>
#include <avocet/dense.hpp>
#include <avocet/dual.hpp>
#include <avocet/element.hpp>
#include <avocet/error.hpp>
#include <avocet/exception.hpp>
#include <avocet/feedback.hpp>
#include <avocet/graph.hpp>
#include <avocet/grid.hpp>
#include <avocet/index.hpp>
#include <avocet/isa.hpp>
#include <avocet/library.hpp>
#include <avocet/logistic.hpp>
#include <avocet/logistic_batch.hpp>
#include <avocet/logistic_fit.hpp>
#include <avocet/logistic_parts.hpp>
#include <avocet/logistic_rows.hpp>
#include <avocet/loss.hpp>
#include <avocet/map.hpp>
#include <avocet/merge_lists.hpp>
#include <avocet/metrics.hpp>
#include <avocet/optim.hpp>
#include <avocet/pool.hpp>
#include <avocet/real_matrix.hpp>
#include <avocet/result.hpp>
#include <avocet/sample.hpp>
#include <avocet/score.hpp>
#include <avocet/score_table.hpp>
#include <avocet/sparse.hpp>
#include <avocet/sparse_rows.hpp>
#include <avocet/stream.hpp>
#include <avocet/threshold.hpp>
#include <avocet/threshold_bootstrap.hpp>
#include <avocet/threshold_rows.hpp>
#include <avocet/threshold_search.hpp>
#include <avocet/threshold_single.hpp>
#include <avocet/uncertainty.hpp>
#include <avocet/view.hpp>
#include <avocet/workspace.hpp>

#endif
