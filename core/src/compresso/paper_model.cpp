#include "compresso/paper_model.hpp"

#include "base/thread_team.hpp"
#include "compresso/location_coding.hpp"
#include "compresso/model_encoder.hpp"

namespace segpresso::compresso {
namespace {

template <class T>
std::vector<std::uint64_t> list_ids(const std::vector<T>& labels,
                                    const std::vector<SliceSummary>& slices) {
  std::vector<std::uint64_t> ids;
  ids.reserve(labels.size() + slices.size());
  std::size_t next = 0;
  for (const SliceSummary& slice : slices) {
    const std::uint64_t boundary = slice.first_boundary_label + 1;
    if (slice.has_boundary && slice.starts_with_boundary) ids.push_back(boundary);
    for (std::uint32_t i = 0; i < slice.components; ++i) {
      ids.push_back(std::uint64_t{labels[next++]} + 1);
      if (i == 0 && slice.has_boundary && !slice.starts_with_boundary) ids.push_back(boundary);
    }
  }
  return ids;
}

}  // namespace

std::size_t PaperModel::location_count() const noexcept {
  std::size_t count = 0;
  for (const auto& part : locations) count += part.size();
  return count;
}

PaperModel find_paper_model(const LabelView& labels, const PaperOptions& options,
                            unsigned threads) {
  ThreadTeam team(useful_threads(threads, labels.shape.voxels()));
  const Geometry geometry{labels.shape, options.window, Connectivity::four, true};
  const OffsetLocations coding{options.wrap_labels};
  return with_label_type(labels.type, [&]<class T>() {
    ModelEncoder<T, OffsetLocations> model(labels, geometry, coding, team);
    return PaperModel{list_ids(model.ids(), model.slices()), model.take_locations(),
                      model.take_windows()};
  });
}

}  // namespace segpresso::compresso
