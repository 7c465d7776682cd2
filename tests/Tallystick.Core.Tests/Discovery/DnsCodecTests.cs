using System.Net;
using System.Text;
using Tallystick.Core.Discovery;
using Tallystick.Core.Identity;

namespace Tallystick.Core.Tests.Discovery;

public sealed class DnsCodecTests
{
    private static readonly DnsName Kind = NearbyService.Kind;

    private static readonly NearbyNode Alice =
        new("alice", Fingerprint.Of(Samples.Alice), IPAddress.Parse("192.0.2.7"), 5000);

    private static readonly DnsPacket[] Packets =
    [
        NearbyService.Query,
        NearbyService.QueryFor(new DnsName("bob").In(Kind)),
        NearbyService.Announce(Alice),
        NearbyService.Announce(Alice, isLeaving: true),
        new(true, [], [new AddressRecord(Kind, 120, IPAddress.IPv6Loopback), new TxtRecord(Kind, 1, ["", "x"])]),
    ];

    [Fact]
    public void What_is_written_is_read_as_it_was()
    {
        foreach (var bytes in Packets.Select(DnsCodec.Write))
        {
            Assert.True(DnsCodec.TryRead(bytes, out var packet));
            Assert.Equal(bytes, DnsCodec.Write(packet));
        }
    }

    [Fact]
    public void A_packet_that_is_cut_off_anywhere_is_refused()
    {
        foreach (var bytes in Packets.Select(DnsCodec.Write))
        {
            for (var length = 0; length < bytes.Length; length++)
                Assert.False(DnsCodec.TryRead(bytes.AsSpan(0, length), out _), $"{length} of {bytes.Length}");
        }
    }

    [Fact]
    public void Whatever_byte_changes_it_is_read_or_refused()
    {
        var (read, refused) = (0, 0);
        foreach (var bytes in Packets.Select(DnsCodec.Write))
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                for (var value = 0; value < 256; value += 17)
                {
                    var changed = bytes.ToArray();
                    changed[at] ^= (byte)value;
                    _ = DnsCodec.TryRead(changed, out _) ? read++ : refused++;
                }
            }
        }
        Assert.True(read > 100 && refused > 100, $"{read} were read, {refused} refused");
    }

    [Theory]
    [InlineData("c00c", "a pointer to itself")]
    [InlineData("c00e", "a pointer forwards")]
    [InlineData("0161c00c", "a pointer to the beginning of its own name")]
    [InlineData("c0ff", "a pointer behind the end")]
    [InlineData("4061", "a length with a bit that means nothing")]
    [InlineData("02ff6100", "a label that is not UTF-8")]
    [InlineData("0561", "a label that is cut off")]
    public void A_name_that_leads_nowhere_is_refused(string name, string why) =>
        Assert.False(DnsCodec.TryRead(Question(Convert.FromHexString(name)), out _), why);

    [Fact]
    public void A_name_may_have_255_bytes_and_no_more_also_through_pointers()
    {
        byte[] label = [63, .. Enumerable.Repeat((byte)'a', 63)];
        byte[] longest = [.. label, .. label, .. label, 61, .. Enumerable.Repeat((byte)'b', 61), 0];
        Assert.True(DnsCodec.TryRead(Question(longest), out _));
        byte[] longer = [.. label, .. label, .. label, 62, .. Enumerable.Repeat((byte)'b', 62), 0];
        Assert.False(DnsCodec.TryRead(Question(longer), out _));

        // The second question begins with a label and goes on with the whole first one.
        byte[] two = [.. Question(longest), 1, (byte)'c', 0xc0, 12, 0, 1, 0, 1];
        two[5] = 2;
        Assert.False(DnsCodec.TryRead(two, out _));
    }

    [Fact]
    public void Counts_beyond_the_bound_and_packets_that_are_too_large_are_refused()
    {
        var bytes = DnsCodec.Write(NearbyService.Query);
        bytes[4] = 0xff;
        Assert.False(DnsCodec.TryRead(bytes, out _));
        Assert.False(DnsCodec.TryRead(new byte[DnsCodec.MaxPacketBytes + 1], out _));
        Assert.False(DnsCodec.TryRead([], out _));
    }

    [Fact]
    public void A_record_whose_data_is_longer_or_shorter_than_it_says_is_refused()
    {
        var bytes = DnsCodec.Write(new DnsPacket(true, [], [new PtrRecord(Kind, 1, Kind)]));
        var length = bytes.AsSpan().LastIndexOf("_tallystick"u8) - 2;
        foreach (var change in (int[])[-1, 1])
        {
            var changed = bytes.ToArray();
            changed[length] = (byte)(changed[length] + change);
            Assert.False(DnsCodec.TryRead(changed, out _));
        }
    }

    [Fact]
    public void Records_of_other_types_are_skipped()
    {
        var bytes = DnsCodec.Write(
            new DnsPacket(true, [], [new TxtRecord(Kind, 1, ["x"]), new PtrRecord(Kind, 1, Kind)]));
        var type = bytes.AsSpan().IndexOf("\u0005local\0"u8) + 7;
        bytes[type + 1] = 47;
        Assert.True(DnsCodec.TryRead(bytes, out var packet));
        Assert.IsType<PtrRecord>(Assert.Single(packet.Records));
    }

    [Fact]
    public void Names_are_the_same_in_any_case()
    {
        Assert.Equal(new DnsName("Alice", "LOCAL"), new DnsName("alice", "local"));
        Assert.Equal(new DnsName("Alice").GetHashCode(), new DnsName("aLICE").GetHashCode());
        Assert.NotEqual(new DnsName("a", "b"), new DnsName("a.b"));
    }

    private static byte[] Question(byte[] name) =>
        [.. Encoding.ASCII.GetBytes("\0\0\0\0\0\u0001\0\0\0\0\0\0"), .. name, 0, 12, 0, 1];
}
