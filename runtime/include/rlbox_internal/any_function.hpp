#ifndef RLBOX_INTERNAL_ANY_FUNCTION_HPP_
#define RLBOX_INTERNAL_ANY_FUNCTION_HPP_
/// \file
/// What std::function does, without <functional>, which takes longer to compile than all the
/// rest of rlbox_wasm2c_options.hpp.

#include <memory>
#include <type_traits>
#include <utility>

namespace rlbox::detail {

template <typename T>
class any_function;

/// A callable of any type; copies have callables of their own. Empty, or made of an empty function
/// pointer or std::function, it is false and must not be called.
template <typename R, typename... A>
class any_function<R(A...)> {
  struct target {
    target() = default;
    target(const target&) = delete;
    target& operator=(const target&) = delete;
    virtual ~target() = default;
    virtual R call(A... args) = 0;
    virtual std::unique_ptr<target> copy() const = 0;
  };

  template <typename F>
  struct target_of final : target {
    F function;
    template <typename T>
    explicit target_of(T&& f) : function(std::forward<T>(f)) {}
    R call(A... args) override { return function(args...); }
    std::unique_ptr<target> copy() const override { return std::make_unique<target_of>(function); }
  };

  std::unique_ptr<target> held;

 public:
  any_function() = default;
  any_function(const any_function& other)
      : held(other.held != nullptr ? other.held->copy() : nullptr) {}
  any_function(any_function&&) = default;
  any_function& operator=(const any_function& other) { return *this = any_function(other); }
  any_function& operator=(any_function&&) = default;
  ~any_function() = default;

  template <typename F,
            std::enable_if_t<!std::is_same_v<std::decay_t<F>, any_function> &&
                             std::is_invocable_r_v<R, std::decay_t<F>&, A...>>* = nullptr>
  any_function(F&& f) {
    using T = std::decay_t<F>;
    // Not of lambdas, which become function pointers implicitly, and those are never empty.
    constexpr bool like_std_function =
        std::is_constructible_v<bool, T&> && !std::is_convertible_v<T&, bool>;
    if constexpr (std::is_pointer_v<T> || like_std_function) {
      if (!static_cast<bool>(f)) {
        return;
      }
    }
    held = std::make_unique<target_of<T>>(std::forward<F>(f));
  }

  /// True if there is something to call.
  explicit operator bool() const { return held != nullptr; }
  R operator()(A... args) const { return held->call(args...); }
};

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_ANY_FUNCTION_HPP_
