using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

/// <summary>What leads back to the computer that dials it.</summary>
public sealed class OwnAddressesTests
{
    private const string Somebody = "JQBO-LZOE-GDHD-7PAP-67RC-6KVE-MZGO-UTQU";

    [Theory]
    [InlineData("127.0.0.1:6379")]
    [InlineData("127.0.0.2:6379")]
    [InlineData("localhost:6379")]
    [InlineData("[::1]:6379")]
    [InlineData("0.0.0.0:6379")]
    [InlineData("[::]:6379")]
    [InlineData("[::ffff:127.0.0.2]:6379")]
    [InlineData("[::ffff:0.0.0.0]:6379")]
    [InlineData($"relay:0.0.0.0:6379/{Somebody}")]
    [InlineData($"relay:[::ffff:127.0.0.1]:6379/{Somebody}")]
    public void It_is_local(string address) => Assert.True(OwnAddresses.AreLocal([address]));

    [Theory]
    [InlineData("192.0.2.7:5000")]
    [InlineData("[2001:db8::7]:5000")]
    [InlineData("[::ffff:192.0.2.7]:5000")]
    [InlineData("alice.example:5000")]
    [InlineData($"relay:192.0.2.7:7000/{Somebody}")]
    public void It_is_not_local(string address) => Assert.False(OwnAddresses.AreLocal([address]));
}
