namespace Tallystick.Node.Web.Parts;

/// <summary>The first page.</summary>
/// <param name="Name">Whose node it is.</param>
/// <param name="HasRooms">Whether there are rooms for people without a node.</param>
public sealed record WelcomeModel(string Name, bool HasRooms);
