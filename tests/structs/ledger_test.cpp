// A C library with every kind of struct, sandboxed without a list of exports or structs.
#include "ledger.rlbox.h"

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>

#include "tests/runtime/harness.hpp"

using rlbox::tainted;

namespace {

struct fixture {
  rlbox_sandbox_ledger sandbox;
  fixture() { sandbox.create_sandbox(); }
  ~fixture() { sandbox.destroy_sandbox(); }

  tainted_ledger<const char*> text(const char* from) {
    const auto size = static_cast<uint32_t>(std::strlen(from) + 1);
    auto to = sandbox.malloc_in_sandbox<char>(size);
    rlbox::memcpy(sandbox, to, from, size);
    return to;
  }
  auto make(int64_t cents, currency in) {
    return sandbox.invoke_sandbox_function(money_make, cents, in);
  }
  auto push(tainted_ledger<node*> head, const char* label, int64_t cents) {
    return sandbox.invoke_sandbox_function(list_push, head, text(label), make(cents, USD));
  }
};

std::string copy(tainted_ledger<const char*> from) {
  return from.copy_and_verify_string(
      [](std::unique_ptr<char[]> s) { return std::string(s.get()); });
}

template <typename A, typename B>
bool same(const A& a, const B& b) {
  return (a == b).unverified_safe_because("a test");
}

money plain(const tainted_ledger<money>& of) { return of.unverified_safe_because("a test"); }

}  // namespace

TEST_CASE_METHOD(fixture, "structs by value in and out") {
  const auto debt = make(-250, YEN);
  CHECK(debt.sign.UNSAFE_unverified() == '-');
  CHECK(debt.cents.UNSAFE_unverified() == 250);
  CHECK(debt.currency.UNSAFE_unverified() == YEN);
  const int64_t much = (int64_t{1} << 40) + 7;
  CHECK(plain(make(much, EUR)).cents == much);
  const auto sum = sandbox.invoke_sandbox_function(money_add, make(much, EUR), make(-7, EUR));
  CHECK(plain(sum).cents == int64_t{1} << 40);
  const auto less = sandbox.invoke_sandbox_function(money_subtract, make(1, EUR), make(much, EUR));
  CHECK(plain(less).sign == '-' && plain(less).cents == much - 1);
}

TEST_CASE_METHOD(fixture, "pointers to const structs, enums with negative values") {
  auto p = sandbox.malloc_in_sandbox<money>();
  *p = make(-1234, EUR);
  auto rounded = [&](rounding direction) {
    return sandbox.invoke_sandbox_function(money_rounded, p, direction).UNSAFE_unverified();
  };
  CHECK(rounded(ROUND_UP) == -13.0);
  CHECK(rounded(ROUND_DOWN) == -12.0);
  p->sign = '+';
  p->cents = 99;
  CHECK(rounded(ROUND_UP) == 1.0);
}

TEST_CASE_METHOD(fixture, "lists") {
  auto list = push(push(push(nullptr, "one", 100), "two", -20), "three", 3);
  CHECK(sandbox.invoke_sandbox_function(list_length, list).UNSAFE_unverified() == 3);
  CHECK(plain(sandbox.invoke_sandbox_function(list_sum, list)).cents == 83);
  CHECK(copy(list->next->label) == "two");
  CHECK(list->next->amount.sign.UNSAFE_unverified() == '-');
  list->next->amount.sign = '+';
  list->next->next->next = nullptr;
  CHECK(plain(sandbox.invoke_sandbox_function(list_sum, list)).cents == 123);
  tainted_ledger<node> first = *list;
  CHECK(same(first.next, list->next));
  sandbox.invoke_sandbox_function(list_free, list);
}

TEST_CASE_METHOD(fixture, "arrays of structs, unnamed structs and const fields") {
  auto p = sandbox.malloc_in_sandbox<table>();
  const auto prefix = text("row");
  const auto size = sandbox.invoke_sandbox_function(table_fill, p, prefix, 2026);
  CHECK(static_cast<std::size_t>(size.UNSAFE_unverified()) ==
        sizeof(rlbox::detail::convert_to_sandbox_equivalent_t<table, rlbox_ledger_sandbox_type>));
  CHECK(p->used.UNSAFE_unverified() == 2);
  CHECK(p->rows[1].name.copy_and_verify(
            [](std::array<char, 12> name) { return std::string(name.data()); }) == "row1");
  CHECK(p->rows[1].totals[0].cents.UNSAFE_unverified() == 202601);
  CHECK(p->rows[1].totals[1].sign.UNSAFE_unverified() == '-');
  CHECK(p->rows[0].years[2].from.UNSAFE_unverified() == 2028);
  CHECK(p->rows[0].years[2].to.UNSAFE_unverified() == -2028);
  CHECK(p->style.UNSAFE_unverified() == table::FANCY);
  CHECK(p->matrix[1][2].UNSAFE_unverified() == 1.2);
  CHECK(copy(p->titles[1]) == "second");
  CHECK(plain(sandbox.invoke_sandbox_function(table_total, p, 1)).cents == 3);

  const auto row = sandbox.invoke_sandbox_function(table_row, p, 1);
  CHECK(row.totals[0].cents.UNSAFE_unverified() == 202601);
  CHECK(row.years[1].to.UNSAFE_unverified() == -2027);

  p->rows[0].totals[0].cents = 1;
  p->rows[0].years[0].from = int16_t{-5};
  tainted_ledger<table> whole = *p;
  CHECK(whole.rows[0].years[0].from.UNSAFE_unverified() == -5);
  const table raw = whole.unverified_safe_because("a test");
  CHECK(raw.rows[0].totals[0].cents == 1 && raw.matrix[1][0] == 1.0);
  whole.rows[1].totals[0].cents = 2;
  *p = whole;
  CHECK(plain(sandbox.invoke_sandbox_function(table_total, p, 0)).cents == 3);
}

TEST_CASE_METHOD(fixture, "functions of the sandbox in structs") {
  auto operations = sandbox.malloc_in_sandbox<account_operations>();
  auto account = sandbox.invoke_sandbox_function(account_open, text("Ada"), operations);
  CHECK(same(operations->of, account));
  CHECK(!same(operations->deposit, nullptr));
  CHECK(!same(operations->withdraw, operations->deposit));
  CHECK(copy(sandbox.invoke_sandbox_function(account_describe, account)) == "Ada has 0");
  sandbox.invoke_sandbox_function(account_close, account);
}

namespace {

int filter_calls = 0;
tainted_ledger<int> not_the_second(rlbox_sandbox_ledger&, tainted_ledger<const node*> of,
                                   tainted_ledger<unsigned> index) {
  filter_calls += of != nullptr;
  return index.UNSAFE_unverified() == 1 ? 0 : 1;
}

tainted_ledger<money> to_yen(rlbox_sandbox_ledger& sandbox, tainted_ledger<money> amount,
                             tainted_ledger<currency> to, tainted_ledger<void*> context) {
  auto rate = rlbox::sandbox_reinterpret_cast<long*>(context);
  amount.cents = amount.cents.UNSAFE_unverified() * (*rate).UNSAFE_unverified();
  amount.currency = to;
  // into the sandbox again from here
  return sandbox.invoke_sandbox_function(money_add, amount,
                                         sandbox.invoke_sandbox_function(money_make, 0, YEN));
}

// int64_t of the library's headers: the host's long is narrower in the sandbox.
tainted_ledger<long long> visit(rlbox_sandbox_ledger&, tainted_ledger<row> of,
                                tainted_ledger<const char*> label) {
  const row plain = of.UNSAFE_unverified();
  return (plain.totals[0].cents << 32) + plain.years[2].to + static_cast<int>(copy(label).size());
}

}  // namespace

TEST_CASE_METHOD(fixture, "callbacks in structs") {
  auto filter = sandbox.register_callback(not_the_second);
  auto convert = sandbox.register_callback(to_yen);
  auto rate = sandbox.malloc_in_sandbox<long>();
  *rate = 3;
  auto with = sandbox.malloc_in_sandbox<handlers>();
  with->filter = filter;
  with->convert = convert;
  with->called = 0;
  auto list = push(push(push(nullptr, "c", 100), "b", 1000), "a", -1);
  auto run = [&] {
    return plain(sandbox.invoke_sandbox_function(handlers_run, with, list,
                                                 rlbox::sandbox_reinterpret_cast<void*>(rate)));
  };
  filter_calls = 0;
  CHECK(run().cents == 297);
  CHECK(run().currency == YEN);
  CHECK(with->called.UNSAFE_unverified() == 4);
  CHECK(filter_calls == 6);
  with->filter = nullptr;
  CHECK(run().cents == 3297);
  CHECK(filter_calls == 6);
}

TEST_CASE_METHOD(fixture, "callbacks with 64-bit integers, structs by value and strings") {
  auto callback = sandbox.register_callback(visit);
  auto list = push(push(nullptr, "four", 5), "seven..", 2);
  const auto sum = sandbox.invoke_sandbox_function(list_visit, list, callback);
  CHECK(sum.UNSAFE_unverified() == (int64_t{7} << 32) - 14 + 11);
}

TEST_CASE_METHOD(fixture, "every scalar") {
  static_assert(
      std::is_same_v<decltype(tainted_ledger<scalars>::wide), tainted_ledger<unsigned long long>>);
  static_assert(
      std::is_same_v<decltype(tainted_ledger<scalars>::size), tainted_ledger<unsigned long>>);
  const auto most = sandbox.invoke_sandbox_function(scalars_limits, true).UNSAFE_unverified();
  CHECK(most.flag && most.real == 1e300 && most.tiny == 127 && most.single == 0.5f);
  CHECK(most.wide == std::numeric_limits<uint64_t>::max() && most.longest == most.wide);
  CHECK(most.small == 65535 && most.size == 0xffffffff && most.byte == 255 && most.letter == 'z');
  CHECK(most.deep == std::numeric_limits<int64_t>::max());
  CHECK(most.machine == 0x7fffffff && most.distance == 0x7fffffff);

  auto least = sandbox.invoke_sandbox_function(scalars_limits, false);
  CHECK(least.deep.UNSAFE_unverified() == std::numeric_limits<int64_t>::min());
  CHECK(least.machine.UNSAFE_unverified() == std::numeric_limits<int32_t>::min());
  least.wide = (uint64_t{1} << 63) - 1;
  const auto next = sandbox.invoke_sandbox_function(scalars_next, least).UNSAFE_unverified();
  CHECK(next.flag && next.tiny == -127 && next.single == 0.5f && next.letter == 'b');
  CHECK(next.wide == uint64_t{1} << 63 && next.longest == 1);
  CHECK(next.machine == std::numeric_limits<int32_t>::min() + 1);

  auto p = sandbox.malloc_in_sandbox<scalars>();
  *p = least;
  p->deep = int64_t{1} << 62;
  CHECK(p->deep.UNSAFE_unverified() == int64_t{1} << 62);
  CHECK(p->single.UNSAFE_unverified() == -0.5f);
}

TEST_CASE_METHOD(fixture, "a struct that is one 64-bit integer") {
  tainted_ledger<only_wide> wide{};
  wide.value = std::numeric_limits<uint64_t>::max() - 1;
  const auto next = sandbox.invoke_sandbox_function(only_wide_next, wide);
  CHECK(next.value.UNSAFE_unverified() == std::numeric_limits<uint64_t>::max());
}

TEST_CASE_METHOD(fixture, "a function with another name in objects") {
  const int before = sandbox.invoke_sandbox_function(ledger_count).UNSAFE_unverified();
  make(1, EUR);
  make(2, EUR);
  CHECK(sandbox.invoke_sandbox_function(ledger_count).UNSAFE_unverified() == before + 2);
}

TEST_CASE("functions that the headers define") {
  CHECK(money_is_zero(money{'+', 0, EUR}));
  money debt{'-', 1, EUR};
  CHECK(money_is_debt(&debt) && money_sign(&debt) == -1);
}

HARNESS_MAIN()
