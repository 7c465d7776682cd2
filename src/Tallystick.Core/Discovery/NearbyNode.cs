using System.Net;
using Tallystick.Core.Identity;

namespace Tallystick.Core.Discovery;

/// <summary>A node that announces itself on the local network. All of it is a claim.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Fingerprint">Of the key that it says to have; dialling it proves that.</param>
/// <param name="Address">Where the announcement came from.</param>
/// <param name="Port">Where it says to hear peers.</param>
public sealed record NearbyNode(string Name, Fingerprint Fingerprint, IPAddress Address, int Port);
