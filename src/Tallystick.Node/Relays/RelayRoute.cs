using System.Net;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Relays;

/// <summary>Who calls whom.</summary>
/// <param name="Caller">The key that calls.</param>
/// <param name="Address">For whom the caller's address counts.</param>
/// <param name="Callee">The key that is called.</param>
internal readonly record struct RelayRoute(Fingerprint Caller, IPAddress Address, Fingerprint Callee);
