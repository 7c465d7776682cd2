using Tallystick.Core.Identity;

namespace Tallystick.Core.Tests.Identity;

public sealed class IdentityOrderTests
{
    [Fact]
    public void Hashes_are_ordered_as_their_bytes_are()
    {
        int[] places = [31, 24, 23, 16, 15, 8, 7, 0];
        Hash[] ascending =
        [
            default, .. places.Select(place => HashWith((place, 1))), HashWith((0, 1), (31, 1)), HashWith((0, 0x80)),
        ];
        Ordered.Check(ascending, (a, b) => a < b, (a, b) => a > b, (a, b) => a <= b, (a, b) => a >= b);
    }

    [Fact]
    public void The_first_word_that_differs_decides_whatever_follows()
    {
        Hash[] ascending = [HashWith((0, 1), (8, 9)), HashWith((0, 2)), HashWith((0, 2), (8, 1), (16, 9)),
            HashWith((0, 2), (8, 2)), HashWith((0, 2), (8, 2), (16, 1), (24, 9)), HashWith((0, 2), (8, 2), (16, 2))];
        Ordered.Check(ascending, (a, b) => a < b, (a, b) => a > b, (a, b) => a <= b, (a, b) => a >= b);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_hash_is_made_of_32_bytes_and_no_other_number(int length)
    {
        var refused = Assert.Throws<ArgumentException>(() => new Hash(new byte[length]));
        Assert.Contains("32 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_ordered_by_their_first_byte_and_then_by_the_rest()
    {
        PublicKey[] ascending = [KeyWith(2, 0), KeyWith(2, 1), KeyWith(2, 255), KeyWith(3, 0), KeyWith(3, 1)];
        Ordered.Check(ascending, (a, b) => a < b, (a, b) => a > b, (a, b) => a <= b, (a, b) => a >= b);
    }

    [Fact]
    public void Request_ids_are_ordered_by_their_value()
    {
        RequestId[] ascending = [new(0), new(1), new(UInt128.One << 64), new(UInt128.MaxValue)];
        Ordered.Check(ascending, (a, b) => a < b, (a, b) => a > b, (a, b) => a <= b, (a, b) => a >= b);
    }

    [Fact]
    public void A_request_id_reads_a_uuid_and_says_the_same_uuid()
    {
        const string Text = "0192f3a4-b5c6-7d7e-8f90-a1b2c3d4e5f6";
        Assert.True(RequestId.TryParse(Text, out var id));
        Assert.Equal(Text, id.ToString());
        Assert.Equal("0192f3a4b5c67d7e8f90a1b2c3d4e5f6", Convert.ToHexStringLower(id.ToArray()));
        Assert.Equal(id, RequestId.FromGuid(Guid.Parse(Text)));
        Assert.Equal(id, RequestId.FromBytes(id.ToArray()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0192f3a4-b5c6-7d7e-8f90")]
    public void What_is_no_uuid_is_no_request_id(string? text)
    {
        Assert.False(RequestId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    private static Hash HashWith(params (int At, byte Value)[] set)
    {
        var bytes = new byte[Hash.Size];
        foreach (var (at, value) in set)
            bytes[at] = value;
        return new Hash(bytes);
    }

    private static PublicKey KeyWith(byte sign, byte last)
    {
        var bytes = new byte[PublicKey.Size];
        (bytes[0], bytes[^1]) = (sign, last);
        Assert.True(PublicKey.TryCreate(bytes, out var key));
        return key;
    }
}
