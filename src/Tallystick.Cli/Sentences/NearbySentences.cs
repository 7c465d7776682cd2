using Tallystick.Client;
using static Tallystick.Cli.Sentences.Harmless;

namespace Tallystick.Cli.Sentences;

/// <summary>Who is on the local network, and what to do about it.</summary>
internal static class NearbySentences
{
    public static IReadOnlyList<string> Of(Nearby nearby)
    {
        if (!nearby.Looks)
            return [
                "This node does not look at the local network: it runs with --hidden or --offline, or on this "
                    + "computer alone.",
            ];
        var strangers = nearby.Nodes.Where(node => node.Peer is null).ToList();
        var lines = nearby.Nodes.Where(node => node.Peer is not null)
            .Select(node => $"{Text(node.Peer)}  {Text(node.Fingerprint)} at {Text(node.Address)}  your peer").ToList();
        foreach (var node in strangers)
        {
            lines.Add($"{Text(node.ClaimedName)}  {Text(node.Fingerprint)} at {Text(node.Address)}");
            lines.Add($"  {Text(node.Phrase)}");
        }
        if (nearby.Nodes.Count == 0)
            lines.Add("Nobody else is on this network, or says so.");
        if (strangers.Count > 0)
        {
            lines.Add("Read the four words to each other. If they are the same on both screens, both of you type: "
                + $"accept {Text(strangers[0].Fingerprint)[..9]}");
        }
        return lines;
    }
}
