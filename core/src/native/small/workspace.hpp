// Memory of the `small` model that is kept between blocks.
#pragma once

#include "native/small/mixing.hpp"
#include "native/small/scene.hpp"

namespace segpresso::native::small {

struct Workspace {
  Tables tables;
  Scene scene;
};

}  // namespace segpresso::native::small
