#include "harness/target/ports.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <set>

#include "harness/target/unique_fd.h"

namespace leakbench {
namespace {

TEST(Ports, APickedOneIsFree) {
  const std::uint16_t port = pick_free_port();
  EXPECT_NE(port, 0);
  EXPECT_TRUE(port_is_free(port));
}

TEST(Ports, SeveralPickedAtOnceAreAllDifferent) {
  const auto ports = pick_free_ports(200);
  EXPECT_EQ(std::set<std::uint16_t>(ports.begin(), ports.end()).size(), 200u);
}

TEST(Ports, OneThatSomebodyListensOnIsNotFree) {
  for (const in_addr_t address : {INADDR_LOOPBACK, INADDR_ANY}) {
    const std::uint16_t port = pick_free_port();
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr.s_addr = htonl(address);
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    ASSERT_EQ(::listen(socket.get(), 1), 0);
    EXPECT_FALSE(port_is_free(port));
  }
  EXPECT_FALSE(port_is_free(0));
}

TEST(Ports, TellWhyTheyCannotBeConnectedTo) {
  const std::chrono::seconds bound(20);
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
  socklen_t length = sizeof name;
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&name), length), 0);
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&name), &length);
  const std::uint16_t port = ntohs(name.sin_port);
  EXPECT_EQ(connect_problem(INADDR_LOOPBACK + 1, port, bound), "Connection refused");
  ASSERT_EQ(::listen(socket.get(), 1), 0);
  EXPECT_EQ(connect_problem(INADDR_LOOPBACK + 1, port, bound), "");
}

}  // namespace
}  // namespace leakbench
