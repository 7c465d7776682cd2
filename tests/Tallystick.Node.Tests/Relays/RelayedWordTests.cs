using Tallystick.Core.Sync;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;
using Tallystick.Node.Tests.Api;
using Tallystick.Node.Tests.Invites;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Relays;

/// <summary>Who comes through a relay does not come from the relay's computer.</summary>
public sealed class RelayedWordTests : InvitedNodes
{
    [Fact]
    public async Task Whoever_comes_through_a_relay_on_this_computer_may_not_name_ports_of_this_computer()
    {
        await using var relay = new StartedRelay();
        await using var anna = await RunningTestNode.StartAsync(new NodeOptions
        {
            Name = "anna",
            DataFolder = Path.Combine(Folder, "anna"),
            Relays = [relay.Address.ToString()],
        });
        var link = Parsed((await InviteAsync(anna)).Link);
        using var identity = NodeIdentity.CreateFresh();
        await using var mallory = new LinkedNode(
            identity, relays: [relay.Address], onFrame: (_, _) => ValueTask.CompletedTask);
        mallory.Hub.SetPeers([new DialTarget(link.Addresses[0], link.Inviter) { Token = link.Token }]);
        await Eventually.Holds(() => mallory.Hub.CurrentOf(link.Inviter) is not null, "they are linked");
        mallory.Hub.CurrentOf(link.Inviter)!.TrySend(
            FrameCodec.Write(new AddressesFrame(["127.0.0.1:22", "192.0.2.9:5000"])));
        await Eventually.IsTrueAsync(
            async () => (await anna.Client.GetPeersAsync()).Known.Single().Address is not null, "anna heard it");
        Assert.Equal("192.0.2.9:5000", (await anna.Client.GetPeersAsync()).Known.Single().Address);
    }
}
