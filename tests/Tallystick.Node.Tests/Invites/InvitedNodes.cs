using Tallystick.Client;
using Tallystick.Core.Invites;
using Tallystick.Core.Money;
using Tallystick.Node.Hosting;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Invites;

/// <summary>Real nodes that know nobody, each on a folder of the test.</summary>
public abstract class InvitedNodes : IAsyncLifetime
{
    private readonly List<RunningTestNode> nodes = [];

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("tallystick-").FullName;

    private protected RunningTestNode Alice { get; set; } = null!;

    private protected RunningTestNode Bob { get; set; } = null!;

    public virtual async ValueTask InitializeAsync() =>
        (Alice, Bob) = (await StartAsync("alice"), await StartAsync("bob"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected async Task<RunningTestNode> StartAsync(string name, TimeProvider? time = null)
    {
        var options = new NodeOptions
        {
            Name = name,
            DataFolder = Path.Combine(Folder, name),
            ListenAddress = "127.0.0.1",
            ListenPort = 0,
            Assets = [Asset.Credits],
        };
        var node = await RunningTestNode.StartAsync(options, time);
        nodes.Add(node);
        return node;
    }

    private protected async Task<RunningTestNode> RestartAsync(RunningTestNode node)
    {
        var again = await node.RestartAsync();
        nodes.Add(again);
        return again;
    }

    private protected static Task<NewInvitation> InviteAsync(RunningTestNode node, string? limit = null) =>
        node.Client.InviteAsync(new InviteRequest(limit));

    private protected static Task<JoinResult> JoinAsync(RunningTestNode node, string link, int waitMs = 20_000) =>
        node.Client.JoinAsync(new JoinRequest(link, WaitMs: waitMs));

    private protected static async Task<Problem> RefusedAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<TallystickException>(call)).Problem;

    /// <summary>The same link with something changed and a check that fits.</summary>
    private protected static string Changed(string link, Func<InviteLink, InviteLink> change) =>
        change(Parsed(link)).ToString();

    private protected static InviteLink Parsed(string link) =>
        InviteLink.TryParse(link, out var read, out var problem) ? read : throw new InvalidDataException(problem);

    private protected static async Task KnowsNobodyAsync(RunningTestNode node) =>
        Assert.Empty((await node.Client.GetPeersAsync()).Known);
}
