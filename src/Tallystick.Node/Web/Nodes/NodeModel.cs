using Tallystick.Client;

namespace Tallystick.Node.Web.Nodes;

/// <summary>The node itself.</summary>
/// <param name="Info">Who it is.</param>
/// <param name="BookBytes">What its database takes on the disk.</param>
/// <param name="Peers">Its peers and how they are linked.</param>
/// <param name="Proofs">What a check of the books found, or null when none was asked for.</param>
/// <param name="Nearby">Who is on the local network.</param>
public sealed record NodeModel(
    NodeInfo Info, long BookBytes, Client.Peers Peers, Proofs? Proofs, Client.Nearby Nearby);
