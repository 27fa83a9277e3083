// segpresso._core: the functions of the core for the Python package. Not a public interface.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include "base/cpu.hpp"
#include "segpresso/error.hpp"

namespace nb = nanobind;

namespace segpresso::bindings {

void add_compresso(nb::module_& module);
void add_lempel_ziv(nb::module_& module);
void add_native(nb::module_& module);
void add_neuroglancer(nb::module_& module);

namespace {

const char* exception_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::corrupt:
      return "CorruptError";
    case ErrorKind::truncated:
      return "TruncatedError";
    case ErrorKind::unsupported:
      return "UnsupportedError";
    case ErrorKind::limit:
      return "LimitError";
    case ErrorKind::invalid_argument:
      return "InvalidArgumentError";
  }
  return "SegpressoError";
}

void raise_in_python(const Error& error) {
  const nb::object type =
      nb::module_::import_("segpresso.errors").attr(exception_name(error.kind()));
  const nb::object offset = error.offset() ? nb::cast(*error.offset()) : nb::none();
  const nb::object exception = type(error.what(), error.section(), offset);
  PyErr_SetObject(type.ptr(), exception.ptr());
}

}  // namespace
}  // namespace segpresso::bindings

NB_MODULE(_core, module) {
  nb::register_exception_translator([](const std::exception_ptr& pointer, void*) {
    try {
      std::rethrow_exception(pointer);
    } catch (const segpresso::Error& error) {
      segpresso::bindings::raise_in_python(error);
    }
  });
  module.attr("version") = SEGPRESSO_VERSION;
  module.def(
      "simd", [] { return std::string(segpresso::name_of(segpresso::active_simd())); },
      "Instruction set of the kernels in use.");
  segpresso::bindings::add_compresso(module);
  segpresso::bindings::add_lempel_ziv(module);
  segpresso::bindings::add_native(module);
  segpresso::bindings::add_neuroglancer(module);
}
