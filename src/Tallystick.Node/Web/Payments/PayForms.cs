using Tallystick.Node.Api;

namespace Tallystick.Node.Web.Payments;

/// <summary>Makes the form that pays.</summary>
internal static class PayForms
{
    /// <param name="node">The node that pays.</param>
    /// <param name="at">The page that the form stands on.</param>
    /// <param name="peer">The only one to pay, or null for a choice.</param>
    /// <param name="typed">What was typed before, or null.</param>
    public static PayFormModel For(NodeParts node, string at, string? peer, PayFormModel? typed)
    {
        IReadOnlyList<string> peers = peer is null ? [.. node.Book.Peers.Select(each => each.Name)] : [peer];
        var assets = node.Options.Assets.Concat(node.TabsOf(null).Select(pair => pair.Tab.Terms.Asset));
        var form = typed ?? new PayFormModel([], [], at, Guid.CreateVersion7(node.Time.GetUtcNow()).ToString("N"));
        return form with { Peers = peers, Assets = [.. assets.Select(asset => asset.Code).Distinct()], At = at };
    }
}
