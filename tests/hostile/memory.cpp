// The library's accesses to its own memory, and its growth.
#include "tests/hostile/box.hpp"

using namespace hostile;

namespace {

constexpr std::uint32_t last = 0xFFFFFFFFU;

/// A sandbox that may have 4 MiB.
box_type& small(kit& k) {
  k.options.max_memory = 4U << 20;
  return box_of(k);
}

/// Uses what a read gave: a compiler that sees the whole program leaves out a read that nothing
/// uses.
template <typename T>
void use(T value) {
  [[maybe_unused]] volatile T kept = value;
}

/// A sandbox for which more than that is a trap.
box_type& strict(kit& k) {
  k.options.trap_on_memory_limit = true;
  return small(k);
}

}  // namespace

BEHAVIOUR("H-MEM-01", "writes behind the end of its memory", traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(store8, 0x70000000U, 1U);
}

BEHAVIOUR("H-MEM-02", "writes the last byte that 32 bits can name", traps(below_zero)) {
  box_of(k).invoke_sandbox_function(store8, last, 1U);
}

BEHAVIOUR("H-MEM-03", "writes eight bytes of which the last are behind the end",
          traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(store64, end_of(box) - 4, std::uint64_t{1});
}

BEHAVIOUR("H-MEM-04", "writes at its last address plus a constant offset of 4 GiB",
          traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(store8_far, last);
}

BEHAVIOUR("H-MEM-05", "writes eight bytes at its last address plus 4 GiB", traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(store64_far, last);
}

BEHAVIOUR("H-MEM-06", "reads at its last address plus a constant offset of 4 GiB",
          traps(out_of_bounds)) {
  use(box_of(k).invoke_sandbox_function(load64_far, last).copy_and_verify(as_it_is));
}

BEHAVIOUR("H-MEM-07", "reads at address 0 plus a constant offset of 4 GiB", traps(below_zero)) {
  use(box_of(k).invoke_sandbox_function(load64_far, 0U).copy_and_verify(as_it_is));
}

BEHAVIOUR("H-MEM-08", "reads the byte behind the end of its memory", traps(out_of_bounds)) {
  auto& box = box_of(k);
  use(box.invoke_sandbox_function(load8, end_of(box)).copy_and_verify(as_it_is));
}

BEHAVIOUR("H-MEM-09", "reads the last byte of its memory", harmless()) {
  auto& box = box_of(k);
  REQUIRE(box.invoke_sandbox_function(load8, end_of(box) - 1).copy_and_verify(as_it_is) == 0);
}

BEHAVIOUR("H-MEM-10", "writes two bytes across the end of its memory", traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(store16, end_of(box) - 1, 1U);
}

BEHAVIOUR("H-MEM-11", "reads a double across the end of its memory", traps(out_of_bounds)) {
  auto& box = box_of(k);
  use(box.invoke_sandbox_function(load_double, end_of(box) - 7).copy_and_verify(as_it_is));
}

BEHAVIOUR("H-MEM-12", "fills from inside to behind the end with one instruction",
          traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(memory_fill, end_of(box) - 16, 1U, 17U);
}

BEHAVIOUR("H-MEM-13", "fills 4 GiB with one instruction", traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(memory_fill, 0U, 1U, last);
}

BEHAVIOUR("H-MEM-14", "copies from behind the end with one instruction", traps(out_of_bounds)) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(memory_copy, 0U, end_of(box) - 4, 5U);
}

BEHAVIOUR("H-MEM-15", "copies to an address whose sum with the size overflows",
          traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(memory_copy, last - 3, 0U, 8U);
}

BEHAVIOUR("H-MEM-16", "copies nothing to the end of its memory", harmless()) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(memory_copy, end_of(box), 0U, 0U);
}

BEHAVIOUR("H-MEM-17", "walks over all of its memory and on", traps(out_of_bounds)) {
  box_of(k).invoke_sandbox_function(fill, 131072U, last - 131072U, 0xA7U);
}

// Its destructors run on what is left. Under `survive` their trap is nobody's any more.
BEHAVIOUR("H-MEM-18", "overwrites all of its memory, its stack and data included",
          {"trap: ", "harmless"}) {
  auto& box = box_of(k);
  box.invoke_sandbox_function(memory_fill, 0U, 0xFFU, end_of(box));
}

BEHAVIOUR("H-MEM-19",
          "overwrites all of its memory, allocator included, before the application allocates",
          harmless()) {
  auto& box = box_of(k);
  const std::uint32_t end = end_of(box);
  box.invoke_sandbox_function(memory_fill, 65536U, 0U, end - 65536U);
  // Whatever comes back is null or in the sandbox.
  const auto p = box.malloc_in_sandbox<char>(64);
  if (p != nullptr) {
    REQUIRE(box.is_pointer_in_sandbox_memory(
        p.unverified_safe_pointer_because(64, "only its place is looked at")));
  }
}

BEHAVIOUR("H-GRW-01", "grows its memory by 4 GiB", harmless()) {
  auto& box = small(k);
  REQUIRE(box.invoke_sandbox_function(grow, 65535U).copy_and_verify(as_it_is) == last);
}

BEHAVIOUR("H-GRW-02", "grows its memory by a number that overflows", harmless()) {
  auto& box = small(k);
  REQUIRE(box.invoke_sandbox_function(grow, last).copy_and_verify(as_it_is) == last);
}

BEHAVIOUR("H-GRW-03", "grows page by page until it is refused", harmless()) {
  auto& box = small(k);
  const auto pages = box.invoke_sandbox_function(grow_until_refused, 1U).copy_and_verify(as_it_is);
  REQUIRE(pages < 64);
  REQUIRE(box.get_total_memory() <= (4U << 20));
  REQUIRE(box.get_sandbox_impl()->memory_limit_hits() == 1);
}

BEHAVIOUR("H-GRW-04", "grows beyond a limit that is a trap", traps(memory_limit)) {
  strict(k).invoke_sandbox_function(grow_until_refused, 1U);
}

BEHAVIOUR("H-GRW-05", "allocates until there is no more", harmless()) {
  auto& box = small(k);
  const auto times =
      box.invoke_sandbox_function(malloc_until_refused, 65536U).copy_and_verify(as_it_is);
  REQUIRE(times < 64);
}

BEHAVIOUR("H-GRW-06", "grows by nothing, again and again", harmless()) {
  auto& box = small(k);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(box.invoke_sandbox_function(grow, 0U).copy_and_verify(as_it_is) < 64);
  }
}

BEHAVIOUR("H-GRW-07", "grows and uses each new page", harmless()) {
  auto& box = small(k);
  box.invoke_sandbox_function(grow_and_touch, 8U);
  REQUIRE(box.get_total_memory() <= (4U << 20));
}

BEHAVIOUR("H-GRW-08", "writes behind what it could not grow to", traps(out_of_bounds)) {
  auto& box = small(k);
  box.invoke_sandbox_function(grow_until_refused, 1U);
  box.invoke_sandbox_function(store8, 4U << 20, 1U);
}

BEHAVIOUR("H-GRW-09", "is asked for more than its limit by the application", harmless()) {
  auto& box = small(k);
  REQUIRE(box.malloc_in_sandbox<char>(8U << 20) == nullptr);
}

BEHAVIOUR("S16-a", "takes memory, and the embedder's limit is reported", traps(memory_limit)) {
  strict(k).invoke_sandbox_function(grow, 1000U);
  REQUIRE(std::strstr(k.trap_message().c_str(), "4194304 bytes") != nullptr);
}

BEHAVIOUR("S3", "is limited to one page, and writes 8 GiB further", traps(out_of_bounds)) {
  k.options.max_memory = 2U << 16;
  box_of(k).invoke_sandbox_function(store64_far, last);
}
