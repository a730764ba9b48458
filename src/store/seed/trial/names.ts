/** Common given names and surnames of Peru. People made of them are nobody. */
export const givenNames = [
  'María', 'Rosa', 'Ana', 'Carmen', 'Luz', 'Julia', 'Juana', 'Elena', 'Teresa', 'Patricia', 'Milagros', 'Nelly', 'Pilar',
  'Flor', 'Gladys', 'Elsa', 'Dina', 'Marisol', 'Yolanda', 'Silvia', 'Verónica', 'Katherine', 'Rocío', 'Norma', 'Lucía',
  'José', 'Luis', 'Juan', 'Carlos', 'Jorge', 'Víctor', 'Miguel', 'Jesús', 'Pedro', 'Manuel', 'Julio', 'César', 'Hugo',
  'Óscar', 'Raúl', 'Iván', 'Percy', 'Edgar', 'Wilmer', 'Ronald', 'Elmer', 'Fredy', 'Walter', 'Javier', 'Ángel',
] as const;

export const surnames = [
  'Quispe', 'Flores', 'Sánchez', 'García', 'Rodríguez', 'Rojas', 'Huamán', 'Díaz', 'Mamani', 'Ramos', 'Chávez', 'Torres',
  'Vásquez', 'Castillo', 'Gonzales', 'Mendoza', 'Cruz', 'Espinoza', 'Pérez', 'Gutiérrez', 'Condori', 'Paredes', 'Salas',
  'Apaza', 'Ticona', 'Vilca', 'Puma', 'Ccopa', 'Choque', 'Huanca', 'Ñahui', 'Núñez', 'Zárate', 'Yupanqui', 'Ríos',
  'Córdova', 'Palomino', 'Cárdenas', 'Ortiz', 'Aguilar', 'Campos', 'Silva', 'León', 'Salazar', 'Vega', 'Reyes', 'Soto',
  'Valverde', 'Tello', 'Ochoa', 'Peralta', 'Arias', 'Cabrera', 'Montes', 'Luján', 'Farfán', 'Medina', 'Benites', 'Ayala',
] as const;
