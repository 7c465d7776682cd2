using System.Net;
using System.Text;
using Tallystick.Core.Discovery;
using Tallystick.Core.Identity;

namespace Tallystick.Core.Tests.Discovery;

public sealed class NearbyTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress There = IPAddress.Parse("192.0.2.9");
    private static readonly NearbyNode Alice = new("alice", Fingerprint.Of(Samples.Alice), Here, 5000);
    private static readonly NearbyNode Bob = new("bob", Fingerprint.Of(Samples.Bob), There, 5001);
    private readonly NearbyTable table = new();

    [Fact]
    public void Who_announces_is_known_by_name_fingerprint_and_where_it_came_from()
    {
        Assert.Empty(table.Hear(Sent(NearbyService.Announce(Bob)), There, nowMs: 0));
        Assert.Empty(table.Hear(Sent(NearbyService.Announce(Alice)), Here, nowMs: 0));
        Assert.Equal([Alice, Bob], table.Nodes(nowMs: 0));
    }

    [Fact]
    public void An_announcement_says_nothing_but_name_port_fingerprint_and_the_address_of_the_network()
    {
        var said = NearbyService.Announce(Alice);
        Assert.Equal(5, said.Records.Count);
        var txt = Assert.Single(said.Records.OfType<TxtRecord>());
        Assert.Equal(["v=1", "name=alice", $"fp={Alice.Fingerprint}"], txt.Texts);
        Assert.Equal(Here, Assert.Single(said.Records.OfType<AddressRecord>()).Address);
        var host = Assert.Single(said.Records.OfType<SrvRecord>()).Host.Labels[0];
        Assert.Equal($"tallystick-{Alice.Fingerprint.ToString().Replace("-", "").ToLowerInvariant()}", host);
    }

    [Fact]
    public void Who_says_goodbye_or_is_silent_for_too_long_is_forgotten()
    {
        table.Hear(Sent(NearbyService.Announce(Alice)), Here, nowMs: 0);
        table.Hear(Sent(NearbyService.Announce(Bob)), There, nowMs: 60_000);
        Assert.Equal([Alice, Bob], table.Nodes(nowMs: 119_000));
        Assert.Equal([Bob], table.Nodes(nowMs: 121_000));
        table.Hear(Sent(NearbyService.Announce(Bob, isLeaving: true)), There, nowMs: 121_000);
        Assert.Empty(table.Nodes(nowMs: 121_000));
    }

    [Fact]
    public void Nobody_changes_or_takes_back_what_another_address_has_said()
    {
        table.Hear(Sent(NearbyService.Announce(Alice)), Here, nowMs: 0);
        table.Hear(Sent(NearbyService.Announce(Alice, isLeaving: true)), There, nowMs: 0);
        table.Hear(Sent(NearbyService.Announce(Alice with { Port = 666 })), There, nowMs: 0);
        Assert.Contains(Alice, table.Nodes(nowMs: 0));
    }

    [Fact]
    public void What_comes_in_parts_is_put_together_and_what_is_missing_is_named()
    {
        var whole = NearbyService.Announce(Alice);
        var pointer = whole with { Records = [.. whole.Records.OfType<PtrRecord>()] };
        var missing = Assert.Single(table.Hear(Sent(pointer), Here, nowMs: 0));
        Assert.Empty(table.Nodes(nowMs: 0));
        Assert.True(missing.IsChildOf(NearbyService.Kind));
        var rest = whole with { Records = [.. whole.Records.Where(record => record is SrvRecord or TxtRecord)] };
        Assert.Empty(table.Hear(Sent(rest), Here, nowMs: 0));
        Assert.Equal([Alice], table.Nodes(nowMs: 0));
        Assert.True(NearbyService.Asks(Sent(NearbyService.QueryFor(missing)), Alice));
    }

    [Fact]
    public void A_flood_of_names_is_bounded_and_leaves_those_of_other_addresses()
    {
        table.Hear(Sent(NearbyService.Announce(Alice)), Here, nowMs: 0);
        for (var i = 0; i < 1_000; i++)
            table.Hear(Sent(NearbyService.Announce(Someone(i))), There, nowMs: 0);
        Assert.Equal(1 + NearbyTable.MostPerAddress, table.Nodes(nowMs: 0).Count);
        Assert.Contains(Alice, table.Nodes(nowMs: 0));
        for (var i = 0; i < 1_000; i++)
        {
            var from = new IPAddress([10, 0, (byte)(i >> 8), (byte)i]);
            table.Hear(Sent(NearbyService.Announce(Someone(i))), from, nowMs: 0);
        }
        Assert.InRange(table.Nodes(nowMs: 0).Count, 1, NearbyTable.Most);
    }

    [Fact]
    public void What_stays_incomplete_is_asked_for_once_a_minute_and_not_without_bounds()
    {
        Assert.Equal(16, AskedFor(Incomplete(0, 16), nowMs: 0));
        for (var packet = 1; packet <= 100; packet++)
            Assert.Equal(0, AskedFor(Incomplete(0, 16), nowMs: packet));
        table.Hear(Incomplete(0, 16, ttl: 0), There, nowMs: 200);
        Assert.Equal(0, AskedFor(Incomplete(0, 16), nowMs: 200));
        Assert.Equal(16, AskedFor(Incomplete(0, 16), nowMs: 60_000));

        var asked = 0;
        for (var address = 0; address < 100; address++)
        {
            var from = new IPAddress([10, 0, 0, (byte)address]);
            asked += table.Hear(Incomplete(100 + 16 * address, 16), from, nowMs: 60_000).Count;
        }
        Assert.Equal(NearbyTable.MostAskedPerMinute - 16, asked);
    }

    [Fact]
    public void A_service_that_never_names_its_fingerprint_is_not_asked_without_end()
    {
        var whole = NearbyService.Announce(Alice);
        var answer = whole with { Records = [.. whole.Records.Where(record => record is not TxtRecord)] };
        Assert.Single(table.Hear(Sent(answer), Here, nowMs: 0));
        for (var answers = 1; answers <= 100; answers++)
            Assert.Empty(table.Hear(Sent(answer), Here, nowMs: answers * 500));
    }

    [Theory]
    [InlineData("fp=ABCD")]
    [InlineData("fp=")]
    [InlineData("name=eve")]
    public void Who_names_no_whole_fingerprint_is_not_listed(string text)
    {
        var whole = NearbyService.Announce(Alice);
        var name = whole.Records.OfType<TxtRecord>().Single().Name;
        DnsRecord[] changed =
            [.. whole.Records.Where(record => record is not TxtRecord), new TxtRecord(name, 120, ["name=eve", text])];
        table.Hear(Sent(whole with { Records = changed }), Here, nowMs: 0);
        Assert.Empty(table.Nodes(nowMs: 0));
    }

    [Fact]
    public void A_long_name_of_many_bytes_is_cut_between_letters_and_can_be_read()
    {
        var node = Alice with { Name = string.Concat(Enumerable.Repeat("é€😀", 12)) };
        table.Hear(Sent(NearbyService.Announce(node)), Here, nowMs: 0);
        var heard = Assert.Single(table.Nodes(nowMs: 0));
        Assert.StartsWith(heard.Name, node.Name, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(heard.Name), 55, 64);
    }

    [Fact]
    public void Who_asks_for_the_service_is_answered_unless_it_knows_already()
    {
        Assert.True(NearbyService.Asks(Sent(NearbyService.Query), Alice));
        var known = NearbyService.Announce(Alice).Records.OfType<PtrRecord>().First();
        Assert.False(NearbyService.Asks(Sent(NearbyService.Query with { Records = [known] }), Alice));
        Assert.True(NearbyService.Asks(
            Sent(NearbyService.Query with { Records = [known with { TtlSeconds = 30 }] }), Alice));
        Assert.False(NearbyService.Asks(Sent(NearbyService.Announce(Bob)), Alice));
        var other = new DnsPacket(
            false, [new DnsQuestion(new DnsName("_http", "_tcp", "local"), DnsTypes.Ptr)], []);
        Assert.False(NearbyService.Asks(Sent(other), Alice));
    }

    [Fact]
    public void What_avahi_announced_on_a_real_network_is_understood()
    {
        Assert.Empty(table.Hear(Recorded("avahi-announcement"), There, nowMs: 0));
        Assert.True(Fingerprint.TryParse("ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567", out var fingerprint));
        Assert.Equal([new NearbyNode("carol", fingerprint, There, 5000)], table.Nodes(nowMs: 0));
        table.Hear(Recorded("avahi-goodbye"), There, nowMs: 0);
        Assert.Empty(table.Nodes(nowMs: 0));
    }

    [Fact]
    public void What_avahi_asked_on_a_real_network_is_answered()
    {
        Assert.True(NearbyService.Asks(Recorded("avahi-query-with-known-answer"), Alice));
        Assert.False(NearbyService.Asks(Recorded("avahi-probe"), Alice));
        Assert.Empty(table.Hear(Recorded("avahi-probe"), There, nowMs: 0));
    }

    private int AskedFor(DnsPacket packet, long nowMs) => table.Hear(packet, There, nowMs).Count;

    private static DnsPacket Incomplete(int first, int count, int ttl = 120) => Sent(new DnsPacket(
        true, [],
        [
            .. Enumerable.Range(first, count).Select(number =>
                new PtrRecord(NearbyService.Kind, ttl, new DnsName($"eve{number}").In(NearbyService.Kind))),
        ]));

    private static NearbyNode Someone(int number) => Alice with
    {
        Name = $"eve{number}",
        Fingerprint = Fingerprint.FromBytes([.. BitConverter.GetBytes(number), .. new byte[Fingerprint.Size - 4]]),
    };

    private static DnsPacket Sent(DnsPacket packet) => Read(DnsCodec.Write(packet));

    private static DnsPacket Recorded(string name) => Read(Convert.FromHexString(File.ReadAllText(
        RepositoryRoot.Join("tests", "Tallystick.Core.Tests", "Discovery", "Recorded", $"{name}.hex")).Trim()));

    private static DnsPacket Read(byte[] bytes) =>
        DnsCodec.TryRead(bytes, out var packet) ? packet : throw new InvalidOperationException("It cannot be read.");
}
